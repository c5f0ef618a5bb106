// The line to the endpoint, shared by the process's own queue and the orphans: what is known of its
// health, and what is told about it.

import type { Notice, NoticeCode } from '../errors.ts';
import type { Batch } from '../record/batch.ts';
import type { World } from '../world.ts';
import type { Answer, Send } from './answer.ts';
import type { DropReason } from './queue.ts';
import { type RouteNames, type TroubleKind, troubleNotice, troubles } from './trouble.ts';
import { cleanWords } from './words.ts';

export interface DeliverReport {
  /** @param wireBytes bytes of the request's body as they went out. */
  delivered(count: number, wireBytes: number, adopted: boolean): void;
  dropped(reason: DropReason, count: number, adopted: boolean): void;
  /** Delivered, but shortened and marked. Counted in `delivered` as well. */
  truncated(count: number, adopted: boolean): void;
  /** Called at every occurrence; whoever prints them keeps them rare. */
  notice(notice: Notice): void;
  /** One trouble of the route is over, all that waited for its end included: it had these codes. */
  recovered(codes: readonly NoticeCode[], detail: string): void;
  /** So many records may be stored twice, byte-identical: their answer was lost. */
  duplicatePossible(count: number): void;
}

export interface LineOptions extends RouteNames {
  /** OTLP request bytes of records [from, to). */
  readonly compose: (batch: Batch, from: number, to: number) => Uint8Array;
  /** A shortened, marked copy of one encoded LogRecord. */
  readonly truncate: (payload: Uint8Array, maxBytes: number) => Uint8Array | undefined;
  readonly send: Send;
  readonly report: DeliverReport;
  readonly world: Pick<World, 'clock' | 'random'>;
  /** Header values and the like that no notice may repeat. */
  readonly secrets?: readonly string[];
}

interface Outage {
  readonly codes: Set<NoticeCode>;
  /** Records that waited when the first of them got through; until then there is no end of them. */
  waited: number;
  /** So many are done, of which so many were refused. */
  late: number;
  refused: number;
}

const probeEveryMs = 60_000;
// An explicit flush may probe earlier, but not every time it is called.
const hurriedProbeMs = 10_000;

export class Line {
  readonly options: LineOptions;
  /** Wall clock, ms since the epoch. */
  lastSuccessMs: number | undefined;
  readonly #abort = new AbortController();
  /** Until the last record that waited for its end is done. */
  #outage: Outage | undefined;
  #probedAt: number | undefined;
  #probeAt = 0;

  constructor(options: LineOptions) {
    this.options = options;
  }

  get isStopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** The last attempt failed for a reason that is the route's, not the records'. */
  get isDown(): boolean {
    return this.#outage?.waited === Number.POSITIVE_INFINITY;
  }

  get isProbing(): boolean {
    return this.#probedAt !== undefined;
  }

  /** Monotonic ms of the next probe; 0 where none is to be waited for. */
  get probeAtMs(): number {
    return this.#probedAt === undefined ? 0 : this.#probeAt;
  }

  post(body: Uint8Array): Promise<Answer> {
    return this.options.send(body, this.#abort.signal);
  }

  stop(): void {
    this.#abort.abort();
  }

  tell(kind: TroubleKind, words: string): void {
    const clean = cleanWords(words, this.options.secrets ?? []);
    this.options.report.notice(troubleNotice(kind, this.options, clean));
  }

  /** The server's words, fit for the quarantine. */
  clean(words: string): string {
    return cleanWords(words, this.options.secrets ?? []);
  }

  /** An attempt failed; `probing`: only a change of configuration can cure it. */
  failed(kind: TroubleKind, words: string, probing: boolean): void {
    const now = this.options.world.clock.monotonic();
    const { code } = troubles[kind];
    this.#outage ??= { codes: new Set(), waited: 0, late: 0, refused: 0 };
    this.#outage.codes.add(code);
    this.#outage.waited = Number.POSITIVE_INFINITY;
    this.#probedAt = probing ? now : undefined;
    this.#probeAt = now + probeEveryMs;
    this.tell(kind, words);
  }

  /** @param pending records that waited for this. */
  succeeded(pending: number): void {
    const { clock } = this.options.world;
    this.lastSuccessMs = clock.now();
    this.#probedAt = undefined;
    const outage = this.#outage;
    if (outage !== undefined && this.isDown) outage.waited = outage.late + pending;
  }

  /** So many records are done. Only when none is left of those that waited is the trouble over. */
  settled(count: number, delivered: number): void {
    const outage = this.#outage;
    if (outage === undefined) return;
    outage.late += count;
    outage.refused += count - delivered;
    if (outage.late < outage.waited) return;
    this.#outage = undefined;
    this.options.report.recovered([...outage.codes], this.#lateWords(outage));
  }

  #lateWords({ waited, refused: left }: Outage): string {
    const refused = Math.min(left, waited);
    const late = waited - refused;
    const records = `${late.toLocaleString('en')} ${late === 1 ? 'record' : 'records'}`;
    const arrived = this.options.routeName === 'alloy' ? 'handed to Alloy' : 'delivered';
    const rest = refused === 0 ? '' : `, ${refused.toLocaleString('en')} refused`;
    return `${records} ${arrived} late${rest}`;
  }

  /** Somebody waits: the next probe may come earlier. */
  hurry(): void {
    if (this.#probedAt === undefined) return;
    this.#probeAt = Math.min(this.#probeAt, this.#probedAt + hurriedProbeMs);
  }
}
