// The variables of the table, read by name: cleaned, checked against their kind, told when wrong.

import { cleanText, expectation } from './clean-text.ts';
import { type Findings, quote, type Setting } from './findings.ts';
import { nearestWord } from './misspelt.ts';
import { parseBytes } from './parse-bytes.ts';
import type { Variable } from './variable.ts';
import { variables } from './variables.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Only what is read is judged: a variable that the chosen route does not use is never a problem. */
export class Environment {
  readonly #env: Env;
  readonly #findings: Findings;
  readonly #table = new Map<string, Variable>();

  constructor(env: Env, findings: Findings) {
    this.#env = env;
    this.#findings = findings;
    for (const variable of variables)
      for (const name of variable.names) this.#table.set(name, variable);
  }

  /** Set, and not only to blanks or empty quotes. */
  has(name: string): boolean {
    return (this.#env[name] ?? '').replace(/[\s"'`]/g, '') !== '';
  }

  /** The first of the names that is set, cleaned. */
  setting(...names: readonly string[]): Setting | undefined {
    const name = names.find((candidate) => this.has(candidate));
    if (name === undefined) return undefined;
    const setting = { name, value: this.#env[name] ?? '', origin: 'environment' } as const;
    const value = cleanText(setting, this.#findings);
    return value === undefined ? undefined : { ...setting, value };
  }

  text(...names: readonly string[]): string | undefined {
    return this.setting(...names)?.value;
  }

  /** As the specification says: only `true`, in any case, is true. */
  isTrue(name: string): boolean {
    const setting = this.setting(name);
    const value = setting?.value.toLowerCase();
    if (value !== undefined && value !== 'true' && value !== 'false') {
      this.#problem(`${expectation(name, ['true', 'false'], quote(value))} It counts as "false".`);
    }
    return value === 'true';
  }

  /** One of the table's values; case, synonyms and one wrong letter are repaired with a notice. */
  choice(...names: readonly string[]): string | undefined {
    const setting = this.setting(...names);
    if (setting === undefined) return undefined;
    const { values = [], synonyms = {} } = this.#table.get(setting.name) ?? {};
    const lower = setting.value.toLowerCase();
    const known = new Map([
      ...values.map((value) => [value, value] as const),
      ...Object.entries(synonyms),
    ]);
    const near = nearestWord(lower, values);
    // Where records go is never guessed: the one thing worse than no route is another's.
    const meant = known.get(lower) ?? (setting.name === 'LOG_ROUTE' ? undefined : near);
    if (meant === undefined) {
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      const ignored = setting.name === 'LOG_ROUTE' ? '' : ' It is ignored.';
      this.#problem(`${expectation(setting.name, values, quote(setting.value))}${hint}${ignored}`);
    } else if (meant !== setting.value) {
      this.#findings.notice(
        'OTEL_SETUP_VALUE_REPAIRED',
        lower === meant ? 'info' : 'warn',
        `${setting.name} is ${quote(setting.value)}; taken as "${meant}".`,
      );
    }
    return meant;
  }

  integer(...names: readonly string[]): number | undefined {
    const setting = this.setting(...names);
    if (setting === undefined) return undefined;
    const min = this.#table.get(setting.name)?.min ?? 0;
    const value = /^\+?\d+$/.test(setting.value) ? Number(setting.value) : Number.NaN;
    if (value >= min && value <= 0x7fffffff) return value;
    const range = `a whole number from ${min} to ${0x7fffffff}`;
    this.#problem(`${setting.name} must be ${range}, got ${quote(setting.value)}; ignored.`);
    return undefined;
  }

  bytes(name: string): number | undefined {
    const setting = this.setting(name);
    if (setting === undefined) return undefined;
    const min = this.#table.get(name)?.min ?? 0;
    const value = parseBytes(setting.value);
    if (value !== undefined && value >= min) return value;
    const form = `a number of bytes from ${min}, such as 67108864, 64MiB or 512MB`;
    this.#problem(`${name} must be ${form}, got ${quote(setting.value)}; ignored.`);
    return undefined;
  }

  #problem(text: string): void {
    this.#findings.problem('environment', text);
  }
}
