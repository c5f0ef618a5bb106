// The loop that takes batches, sends them and settles; it owns when something is sent.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Timer } from '../world.ts';
import { longestMs } from './back-off.ts';
import { type Drained, Drains } from './drains.ts';
import { Lane } from './lane.ts';
import { Line, type LineOptions } from './line.ts';
import { Orphans } from './orphans.ts';
import type { Queue } from './queue.ts';

export interface DeliverLimits {
  /** Bytes of one OTLP request. @default 950_000 */
  readonly maxBytes: number;
  /** Bytes of one request as Loki expands it. @default 3_000_000 */
  readonly maxExpandedBytes: number;
  /** Ms from the first waiting record to the request. @default 500 */
  readonly lingerMs: number;
  /** So many waiting bytes go at once: each request costs the thread 1 ms. @default 921_600 */
  readonly fullBytes: number;
  /** The same where a request cannot take all that waits. @default 262_144 */
  readonly backlogBytes: number;
}

export interface DelivererOptions extends LineOptions {
  readonly own: Queue;
  /** The oldest queue that was adopted and is not empty. */
  readonly nextOrphan: () => Queue | undefined;
  readonly limits?: Partial<DeliverLimits>;
  /** Lets go of the connections, after the last request. */
  readonly close?: () => Promise<void>;
}

export interface DrainOptions {
  /** Resolve at the first failed attempt instead of trying on. @default false */
  readonly untilFailure?: boolean;
}

export interface Deliverer {
  /** After each append: costs a comparison, arms at most one timer. */
  wake(): void;
  /** An orphan was adopted. */
  wakeOrphans(): void;
  /**
   * Resolves when what is pending now is settled, or at the deadline; keeps the process alive until
   * then. Never rejects. The time is one that a timer takes.
   */
  drain(timeoutMs: number, options?: DrainOptions): Promise<Drained>;
  /** Resolves when what dead processes left is settled, or at the next failure. Never rejects. */
  replay(): Promise<void>;
  /** Aborts what is in flight; nothing is sent afterwards. Never rejects. */
  stop(): Promise<void>;
  readonly state: 'idle' | 'sending' | 'backing-off' | 'probing';
  /** The last attempt failed for a reason that is the route's. */
  readonly routeIsDown: boolean;
  /** Wall clock, ms since the epoch. */
  readonly lastSuccessMs: number | undefined;
}

const defaults: DeliverLimits = {
  maxBytes: 950_000,
  maxExpandedBytes: 3_000_000,
  lingerMs: 500,
  fullBytes: 900 * 1024,
  backlogBytes: 256 * 1024,
};

const internalErrorMs = 30_000;
const replayBackOffMs = 1500;

export function startDeliverer(options: DelivererOptions): Deliverer {
  return new Loop(options);
}

class Loop implements Deliverer {
  readonly #own: Queue;
  readonly #limits: DeliverLimits;
  readonly #line: Line;
  readonly #lane: Lane;
  readonly #orphans: Orphans;
  readonly #drains: Drains;
  readonly #outside: <T>(run: () => T) => T;
  readonly #close: () => Promise<void>;
  #timer: Timer | undefined;
  #isSoon = false;
  #enoughBytes: number;
  #running: Promise<void> | undefined;

  constructor(options: DelivererOptions) {
    const limits = { ...defaults, ...options.limits };
    this.#own = options.own;
    this.#close = options.close ?? (() => Promise.resolve());
    this.#limits = limits;
    this.#enoughBytes = limits.backlogBytes;
    this.#line = new Line(options);
    this.#drains = new Drains(options.world.clock, () => this.#own.pending);
    this.#lane = new Lane(this.#line, limits, {
      settled: (count, delivered) => this.#drains.settled(count, delivered),
      failed: () => this.#drains.failed(),
    });
    const nobody = { settled: () => undefined, failed: () => undefined };
    const orphanLane = new Lane(this.#line, limits, nobody);
    this.#orphans = new Orphans(this.#line, orphanLane, options.nextOrphan, {
      isFailing: () => this.#ownBlocksOrphans(),
      isBacklogged: () => this.#own.pendingBytes > limits.maxBytes,
    });
    // Fleets replay at the limit of their tenant: live records must not wait behind that for long.
    this.#lane.mostMs = () => (this.#orphans.isReplaying ? replayBackOffMs : longestMs);
    // What we start in a log call must not keep that call's async context, its span or its request.
    this.#outside = AsyncLocalStorage.snapshot();
  }

  get state(): Deliverer['state'] {
    if (this.#lane.isSending) return 'sending';
    if (this.#line.isProbing) return 'probing';
    return this.#lane.isWaiting ? 'backing-off' : 'idle';
  }

  get routeIsDown(): boolean {
    return this.#line.isDown;
  }

  get lastSuccessMs(): number | undefined {
    return this.#line.lastSuccessMs;
  }

  // Hot path: runs on the caller's thread for every record.
  wake(): void {
    if (this.#running !== undefined || this.#isSoon) return;
    if (this.#timer === undefined) this.#arm(this.#limits.lingerMs);
    else if (this.#own.pendingBytes >= this.#enoughBytes) this.#arm(0);
  }

  wakeOrphans(): void {
    this.#outside(() => this.#orphans.wake());
  }

  drain(timeoutMs: number, options: DrainOptions = {}): Promise<Drained> {
    const untilFailure = options.untilFailure === true;
    const isHopeless = untilFailure && this.#lane.isHeldByServer;
    if (this.#own.pending === 0 || this.#line.isStopped || isHopeless) {
      return Promise.resolve({ delivered: 0, pending: this.#own.pending });
    }
    const drained = this.#drains.wait(timeoutMs, untilFailure);
    this.#lane.hurry();
    this.#start();
    return drained;
  }

  replay(): Promise<void> {
    this.wakeOrphans();
    return this.#orphans.untilFailure();
  }

  async stop(): Promise<void> {
    this.#line.stop();
    this.#disarm();
    this.#lane.stop();
    this.#drains.end();
    await Promise.all([this.#running, this.#orphans.stop()]);
    await this.#close();
  }

  #arm(delayMs: number): void {
    this.#disarm();
    if (this.#line.isStopped) return;
    const { clock } = this.#line.options.world;
    this.#timer = this.#outside(() => clock.setTimeout(() => this.#start(), delayMs));
    this.#timer.unref();
    // Not before: a timer that could not be made, for want of stack, would be waited for for ever.
    this.#isSoon = delayMs === 0;
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#line.options.world.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isSoon = false;
  }

  #start(): void {
    this.#disarm();
    if (this.#running !== undefined || this.#line.isStopped) return;
    this.#outside(() => {
      this.#orphans.wake();
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        if (this.#own.pending === 0) return;
        this.#arm(this.#drains.isWanted ? 0 : this.#limits.lingerMs);
      });
    });
  }

  async #run(): Promise<void> {
    const { backlogBytes, fullBytes } = this.#limits;
    try {
      while (this.#own.pending > 0 && !this.#line.isStopped) {
        await this.#lane.turn(this.#own);
        this.#orphans.ownSent(this.#lane.sentBytes, !this.#lane.isFailing);
        const isBacklog = this.#lane.leftBytes >= backlogBytes;
        this.#enoughBytes = isBacklog ? backlogBytes : fullBytes;
        if (this.#mayLinger()) return;
      }
    } catch (error) {
      this.#line.failed('internal', String(error), false);
      await this.#lane.wait(internalErrorMs);
    }
  }

  #mayLinger(): boolean {
    if (this.#drains.isWanted || this.#lane.isFailing) return false;
    return this.#own.pendingBytes < this.#enoughBytes;
  }

  #ownBlocksOrphans(): boolean {
    return this.#own.pending > 0 && (this.#lane.isFailing || this.#line.isProbing);
  }
}
