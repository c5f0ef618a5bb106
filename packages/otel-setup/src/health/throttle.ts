// Which notices are told when: the first of a kind at once, then summaries at a growing interval.

import type { Notice, NoticeCode } from '../errors.ts';
import type { Clock, Timer } from '../world.ts';
import { countOf, spanOf } from './words.ts';

const MINUTE_MS = 60_000;
const INTERVALS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;
const LAST = INTERVALS_MS.length - 1;
const QUIET_MS = 60 * MINUTE_MS;

interface Kind {
  latest: Notice;
  /** The words that were last told. */
  toldMessage: string;
  /** All times are monotonic. */
  toldAt: number;
  seenAt: number;
  /** When the trouble that lasts began; undefined once it is over. */
  since: number | undefined;
  /** Whether a line tells of the trouble that lasts: only then is its end told. */
  told: boolean;
  step: number;
  untold: number;
  timer: Timer | undefined;
}

/** A trouble that nobody was told of yet. */
export interface Held {
  readonly level: Notice['level'];
  readonly text: string;
}

export type Tell = (notice: Notice, like: Notice['level']) => void;

export class Throttle {
  readonly #kinds = new Map<string, Kind>();
  readonly #clock: Clock;
  readonly #tell: Tell;

  constructor(clock: Clock, tell: Tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** @param key notices of one key are repeats of each other. */
  notice(notice: Notice, key: string = notice.code): void {
    const now = this.#clock.monotonic();
    const kind = this.#kinds.get(key);
    if (kind === undefined) {
      this.#kinds.set(key, firstOf(notice, now));
      this.#tell(notice, notice.level);
      return;
    }
    const quietMs = now - kind.seenAt;
    kind.latest = notice;
    kind.seenAt = now;
    if (kind.since === undefined) {
      kind.since = now;
      kind.told = false;
    }
    const dueAt = kind.toldAt + intervalOf(kind);
    if (kind.untold > 0 || now < dueAt) {
      kind.untold += 1;
      this.#arm(kind, dueAt - now);
      return;
    }
    kind.step = quietMs >= QUIET_MS ? 0 : Math.min(kind.step + 1, LAST);
    markTold(kind, now);
    this.#tell(notice, notice.level);
  }

  /**
   * A trouble is over, whatever faces it had: told in one line, by the code under which it began. Only where
   * its beginning was told, and never twice.
   */
  recovered(codes: readonly NoticeCode[], detail?: string): void {
    const now = this.#clock.monotonic();
    let first: Kind | undefined;
    for (const code of codes) {
      const kind = this.#kinds.get(code);
      if (kind?.since === undefined) continue;
      if (kind.told && (first === undefined || kind.since < (first.since ?? now))) first = kind;
    }
    const since = first?.since;
    for (const code of codes) this.#end(code);
    if (first === undefined || since === undefined) return;
    const message = `recovered after ${spanOf(now - since)}${detail ? `, ${detail}` : ''}`;
    const { code, level } = first.latest;
    this.#tell({ code, level: 'info', message }, level);
  }

  /**
   * At the end of the process, when no summary comes any more: the troubles that were held back, but for repeats
   * in the very words of one that lasts.
   */
  rest(): Held[] {
    const now = this.#clock.monotonic();
    const held: Held[] = [];
    for (const kind of this.#kinds.values()) {
      const { code, level, message } = kind.latest;
      const isTrouble = level === 'error' || level === 'warn';
      const isNews = kind.untold > 0 && !(kind.told && message === kind.toldMessage);
      if (!isTrouble || !isNews) continue;
      held.push({ level, text: `${code} ${repeatsOf(kind, now)}` });
      markTold(kind, now);
      this.#disarm(kind);
    }
    return held;
  }

  #end(code: NoticeCode): void {
    const kind = this.#kinds.get(code);
    if (kind?.since === undefined) return;
    kind.since = undefined;
    if (!kind.told) return;
    // The trouble and its end are both told now; the repeats between have nothing to add.
    kind.untold = 0;
    this.#disarm(kind);
  }

  #arm(kind: Kind, delayMs: number): void {
    if (kind.timer !== undefined) return;
    kind.timer = this.#clock.setTimeout(() => this.#summarize(kind), Math.max(0, delayMs));
    kind.timer.unref();
  }

  #disarm(kind: Kind): void {
    if (kind.timer !== undefined) this.#clock.clearTimeout(kind.timer);
    kind.timer = undefined;
  }

  #summarize(kind: Kind): void {
    kind.timer = undefined;
    const now = this.#clock.monotonic();
    const message = `${kind.latest.message} (${repeatsOf(kind, now)})`;
    markTold(kind, now);
    kind.step = Math.min(kind.step + 1, LAST);
    this.#tell({ ...kind.latest, message }, kind.latest.level);
  }
}

function firstOf(notice: Notice, now: number): Kind {
  const since = { since: now, toldAt: now, seenAt: now };
  const told = { latest: notice, toldMessage: notice.message, told: true };
  return { ...told, ...since, step: 0, untold: 0, timer: undefined };
}

function markTold(kind: Kind, now: number): void {
  kind.untold = 0;
  kind.toldAt = now;
  kind.told = true;
  kind.toldMessage = kind.latest.message;
}

function repeatsOf({ since, toldAt, untold }: Kind, now: number): string {
  const times = `${countOf(untold)} more ${untold === 1 ? 'time' : 'times'}`;
  return `${times} in ${spanOf(now - toldAt)}${since === undefined ? '; it works again' : ''}`;
}

function intervalOf(kind: Kind): number {
  return INTERVALS_MS[kind.step] ?? QUIET_MS;
}
