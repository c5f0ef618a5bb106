// Says what goes wrong: one line on stderr, and the application's own `onNotice`.

import type { Notice, NoticeCode } from '../errors.ts';
import type { Clock } from '../world.ts';
import { formatNotice } from './line.ts';
import { type Held, Throttle } from './throttle.ts';

export type NoticeLevel = 'none' | Notice['level'];

export interface NoticeOptions {
  /** The least severe level that is printed; `onNotice` gets every level. */
  readonly noticeLevel: NoticeLevel;
  /** Lines of JSON instead of text. */
  readonly json: boolean;
  /** Takes one line without its newline, to stderr; must not throw. */
  write(line: string): void;
  readonly clock: Clock;
  readonly onNotice?: ((notice: Notice) => unknown) | undefined;
  /** Takes known secrets out of a message, whoever wrote it there. @default nothing is taken out */
  readonly mask?: ((message: string) => string) | undefined;
}

const RANK = { none: 0, error: 1, warn: 2, info: 3, debug: 4 } as const;
const ON_NOTICE_FAILED = 'OTEL_SETUP_ON_NOTICE';

export class Notices {
  readonly #options: NoticeOptions;
  readonly #throttle: Throttle;
  readonly #waiting: Notice[] = [];
  #inOnNotice = false;

  constructor(options: NoticeOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options.clock, (notice, like) => this.#tell(notice, like));
  }

  notice(notice: Notice): void {
    this.#throttle.notice(notice);
  }

  /** A notice that only those of the same key repeat, although others share its code. */
  noticeApart(notice: Notice, key: string): void {
    this.#throttle.notice(notice, key);
  }

  recovered(codes: readonly NoticeCode[], detail?: string): void {
    this.#throttle.recovered(codes, detail);
  }

  /** What is held back for a summary that the end of the process would forestall. */
  rest(): Held[] {
    return this.#throttle.rest();
  }

  /** At once and unthrottled: for what is said once by its nature. Shown wherever `like` is. */
  print(notice: Notice, like: Notice['level'] = notice.level): void {
    this.#tell(notice, like);
  }

  // A recovery is information, but whoever saw the trouble must see its end: hence `like`.
  #tell(given: Notice, like: Notice['level']): void {
    const { noticeLevel, json, write, clock, mask, onNotice } = this.#options;
    const notice = mask === undefined ? given : { ...given, message: mask(given.message) };
    if (RANK[like] <= RANK[noticeLevel]) write(formatNotice(notice, json, clock.now()));
    if (onNotice === undefined || notice.code === ON_NOTICE_FAILED) return;
    this.#waiting.push(notice);
    this.#callOnNotice(onNotice);
  }

  // A logger call inside onNotice can raise a notice of its own: it waits here until the first
  // call has returned. The throttle lets each kind through once, so this ends.
  #callOnNotice(onNotice: (notice: Notice) => unknown): void {
    if (this.#inOnNotice) return;
    this.#inOnNotice = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        // An async onNotice that rejects would end the application as an unhandled rejection.
        Promise.resolve(onNotice(next)).catch((error: unknown) => this.#failed(error));
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#inOnNotice = false;
  }

  #failed(error: unknown): void {
    const name = error instanceof Error ? error.name : typeof error;
    const message = `The application's onNotice threw (${name}); its notices are printed only.`;
    this.notice({ code: ON_NOTICE_FAILED, level: 'warn', message });
  }
}
