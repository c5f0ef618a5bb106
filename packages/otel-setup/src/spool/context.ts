// What the parts of the spool share: the world, the way to report, and words to be said when the call is over.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Notice } from '../errors.ts';
import { type Clock, type FileSystem, soon, type Timer } from '../world.ts';
import type { CrashPoint, DropReason, Gap, SpoolOptions } from './options.ts';

const gapIntervalMs = 10_000;

type OpenGap = { count: number; firstMs: number; lastMs: number; reason: DropReason };

export class Context {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: () => number;
  readonly options: SpoolOptions;
  adoptedFound = 0;
  adoptedDropped = 0;
  readonly #notices = new Map<string, Notice>();
  // A timer begun in a log call must not keep that call's async context, its span or its request.
  readonly #outside: <T>(run: () => T) => T = AsyncLocalStorage.snapshot();
  #gaps: OpenGap[] = [];
  #gapsToldAt = Number.NEGATIVE_INFINITY;

  constructor(options: SpoolOptions) {
    this.options = options;
    this.fs = options.world.fs;
    this.clock = options.world.clock;
    this.random = () => options.world.random();
  }

  readonly crash = (point: CrashPoint): void => this.options.crashPoint?.(point);

  /**
   * Told when the present call is over: whoever hears a notice may log, and a record must not arrive in the
   * middle of another one's append.
   */
  notice(name: string, level: Notice['level'], message: string): void {
    if (this.#notices.size === 0) soon(() => this.tellNotices());
    this.#notices.set(name, { code: `OTEL_SETUP_SPOOL_${name}`, level, message });
  }

  tellNotices(): void {
    const notices = [...this.#notices.values()];
    this.#notices.clear();
    for (const notice of notices) this.options.report.notice(notice);
  }

  dropped(reason: DropReason, count: number, adopted: boolean): void {
    if (adopted) this.adoptedDropped += count;
    this.options.report.dropped(reason, count, adopted);
  }

  /** Remembered, and told to Grafana in one record for many. */
  openGap(gap: Gap): void {
    const open = this.#gaps.find((candidate) => candidate.reason === gap.reason);
    if (open === undefined) {
      this.#gaps.push({ ...gap });
      return;
    }
    open.count += gap.count;
    open.firstMs = Math.min(open.firstMs, gap.firstMs);
    open.lastMs = Math.max(open.lastMs, gap.lastMs);
  }

  get hasGaps(): boolean {
    return this.#gaps.length > 0;
  }

  /** At most every 10 s, or at once with `isEnd`: each of these records takes room itself. */
  tellGaps(isEnd: boolean): void {
    const now = this.clock.monotonic();
    if (!isEnd && now - this.#gapsToldAt < gapIntervalMs) return;
    const gaps = this.#gaps;
    this.#gaps = [];
    if (gaps.length > 0) this.#gapsToldAt = now;
    for (const gap of gaps) this.options.report.gap?.(gap);
  }

  /** A timer that never keeps the process alive. */
  after(delayMs: number, run: () => void): Timer {
    const timer = this.#outside(() => this.clock.setTimeout(run, delayMs));
    timer.unref();
    return timer;
  }
}
