// What reading the configuration brings to light: problems leave something out, notices tell a
// repair or a hint. No text ever holds a secret: `quote` shows public values only.

import type { Notice, NoticeCode } from '../errors.ts';

export type Origin = 'code' | 'environment';

/** A value with the name a person knows it by. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
}

export class Findings {
  /** Wrong options in code: loadConfig() throws them. */
  readonly wrongOptions: string[] = [];
  /** A wrong environment: told, never thrown. */
  readonly problems: string[] = [];
  readonly #notices: Notice[] = [];

  problem(origin: Origin, text: string): void {
    const list = origin === 'code' ? this.wrongOptions : this.problems;
    if (!list.includes(text)) list.push(text);
  }

  /** Whether something is wrong with the value of a variable. */
  isTold(name: string): boolean {
    return this.problems.some((problem) => problem.startsWith(`${name} `));
  }

  /** Variables that are needed, but for those whose value was refused: that is told already. */
  missing(names: readonly string[], rest: string): void {
    const untold = names.filter((name) => !this.isTold(name));
    if (untold.length === 0) return;
    const verb = untold.length === 1 ? 'is' : 'are';
    this.problem('environment', `${untold.join(' and ')} ${verb} missing${rest}`);
  }

  notice(code: NoticeCode, level: Notice['level'], message: string): void {
    if (this.#notices.some((known) => known.message === message)) return;
    this.#notices.push(Object.freeze({ code, level, message }));
  }

  /**
   * All problems as one notice, then the repairs and hints in the order found.
   * @param consequence what follows from the problems, as a sentence; may be empty
   */
  notices(consequence = ''): Notice[] {
    const [first] = this.problems;
    const notices = merged(this.#notices);
    if (first === undefined) return notices;
    const list = this.problems.map((problem, index) => `(${index + 1}) ${problem}`).join(' ');
    const problems =
      this.problems.length === 1 ? first : `${this.problems.length} problems: ${list}`;
    const message = consequence === '' ? problems : `${problems} ${consequence}`;
    return [Object.freeze({ code: 'OTEL_SETUP_CONFIG', level: 'error', message }), ...notices];
  }
}

/** One notice a code: whoever prints them tells the first of a kind at once, and others of it much later. */
function merged(notices: readonly Notice[]): Notice[] {
  return [...new Set(notices.map(({ code }) => code))].map((code) => {
    const group = notices.filter((notice) => notice.code === code);
    const level = group.some((notice) => notice.level === 'warn') ? 'warn' : 'info';
    return Object.freeze({ code, level, message: group.map(({ message }) => message).join(' ') });
  });
}

const secretShape = /gl(?:c|sa)_|eyJ|basic\s|bearer\s|@|password|[A-Za-z0-9+/_-]{40}/i;

/** A public value, cut to 60 characters; what looks like a secret in the wrong place stays hidden. */
export function quote(value: string): string {
  return secretShape.test(value)
    ? 'a value that looks like a secret'
    : JSON.stringify(value.slice(0, 60));
}

/** `"a", "b" or "c"` */
export function listOf(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
