// flush() and shutdown(): one after the other, each with one deadline from the moment of its call.

import { type Leftovers, sendLeftovers } from './leftovers.ts';
import { within } from './within.ts';

/** What came of it: records delivered since the call, and records still pending. */
export interface Finished {
  readonly delivered: number;
  readonly pending: number;
}

export interface FinishOptions extends Leftovers {
  drain(timeoutMs: number, options: { untilFailure: boolean }): Promise<unknown>;
  /** Aborts the request in flight and sends nothing more. */
  stop(): Promise<unknown>;
  /** Own records delivered so far. */
  delivered(): number;
}

export const FLUSH_MS = 10_000;
export const SHUTDOWN_MS = 4000;
/** Of a shutdown's time, at most, for what dead processes left. */
const LEFTOVERS_MS = 2000;
const STOP_MS = 50;
const LONGEST_MS = 2 ** 31 - 1;

export class Finish {
  readonly #options: FinishOptions;
  #tail: Promise<unknown> = Promise.resolve();
  #shutdown: Promise<Finished> | undefined;
  #stopped = false;
  #left = 0;

  constructor(options: FinishOptions) {
    this.#options = options;
  }

  /** From the call of shutdown() on. */
  get isShutDown(): boolean {
    return this.#shutdown !== undefined;
  }

  /** Records that the shutdown could not send; 0 before it has finished. */
  get left(): number {
    return this.#left;
  }

  flush(timeoutMs: number = FLUSH_MS): Promise<Finished> {
    return this.#queue(timeoutOf(timeoutMs, FLUSH_MS), (leftMs) => this.#drain(leftMs));
  }

  shutdown(timeoutMs: number = SHUTDOWN_MS): Promise<Finished> {
    this.#shutdown ??= this.#queue(timeoutOf(timeoutMs, SHUTDOWN_MS), async (leftMs) => {
      const { clock } = this.#options;
      const deadline = clock.monotonic() + leftMs;
      await this.#drain(leftMs);
      const restMs = deadline - clock.monotonic();
      await sendLeftovers(this.#options, Math.min(restMs, LEFTOVERS_MS));
      this.#stopped = true;
      await within(clock, STOP_MS, () => this.#options.stop());
      this.#left = this.#options.pending();
    });
    return this.#shutdown;
  }

  async #drain(leftMs: number): Promise<void> {
    const { clock, drain, pending } = this.#options;
    if (this.#stopped || pending() === 0) return;
    await within(clock, leftMs, () => drain(leftMs, { untilFailure: false }));
  }

  async #queue(timeoutMs: number, work: (leftMs: number) => Promise<void>): Promise<Finished> {
    const { clock, delivered, pending } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    const deliveredBefore = delivered();
    const earlier = this.#tail;
    const own = (async () => {
      await within(clock, timeoutMs, () => earlier);
      await work(Math.max(0, deadline - clock.monotonic()));
    })();
    this.#tail = own;
    await own;
    return { delivered: delivered() - deliveredBefore, pending: pending() };
  }
}

export function timeoutOf(value: unknown, fallback: number): number {
  return typeof value === 'number' && value >= 0 ? Math.min(value, LONGEST_MS) : fallback;
}
