// The report: lines for a person, or one object for a program.

import { version } from '../../version.ts';
import type { Terminal } from '../terminal.ts';
import { printable, table } from '../text.ts';
import type { Examination } from './examination.ts';
import { type Finding, type Part, partOf, type State } from './finding.ts';
import { readSettings } from './settings.ts';

const colours: Readonly<Record<State, string>> = {
  good: '32',
  warning: '33',
  wrong: '31',
  skipped: '2',
};

const indent = ' '.repeat(12);

export class Report {
  readonly #terminal: Terminal;
  readonly #findings: Finding[] = [];
  #isByAlloy = false;
  #part: Part | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async begin(examination: Examination): Promise<void> {
    this.#isByAlloy = examination.config.route === 'alloy';
    const rows = readSettings(examination).map(({ from, name, value }) => [name, value, from]);
    const lines = table(rows, ['left', 'left', 'left']);
    await this.#heading('Configuration');
    await this.#terminal.out(lines.map((line) => `  ${line}\n`).join(''));
  }

  async add(finding: Finding): Promise<void> {
    this.#findings.push(finding);
    const part = partOf(finding.check);
    if (part !== this.#part) await this.#heading(part);
    const { check, code, fix, message, paste = [], state } = finding;
    const terminal = this.#terminal;
    const mark = terminal.paint(state.padEnd(8), colours[state]);
    const told = code === undefined || state === 'good' ? '' : ` (${code})`;
    const lines = [
      `  ${mark}  ${check}: ${printable(message)}${told}`,
      ...(fix === undefined ? [] : [`${indent}${printable(fix)}`]),
      ...paste.map((line) => `${indent}  ${terminal.paint(printable(line), '1')}`),
    ];
    await terminal.out(lines.map((line) => `${line}\n`).join(''));
  }

  async end(): Promise<void> {
    const [wrongs, warnings] = countsOf(this.#findings);
    const sum =
      wrongs + warnings === 0
        ? this.#wellWords()
        : `${wrongs} wrong, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}. ${wrongs === 0 ? this.#unseenWords() : ''}docs/troubleshooting.md in this package explains each code.`;
    await this.#terminal.out(`\n${sum}\n`);
  }

  #wellWords(): string {
    return this.#isBehindAlloyUnseen()
      ? 'Nothing is wrong as far as Alloy; what is behind it was not looked at.'
      : 'All is well.';
  }

  #unseenWords(): string {
    return this.#isBehindAlloyUnseen() ? 'What is behind Alloy was not looked at. ' : '';
  }

  /** What Alloy took is not yet in Loki. */
  #isBehindAlloyUnseen(): boolean {
    const isSeen = this.#findings.some(
      ({ check, state }) =>
        (check === 'behind-alloy' || check === 'read-back') && state !== 'skipped',
    );
    return this.#isByAlloy && !isSeen;
  }

  async #heading(part: Part): Promise<void> {
    const space = this.#part === undefined ? '' : '\n';
    this.#part = part;
    await this.#terminal.out(`${space}${this.#terminal.paint(part, '1')}\n`);
  }
}

/** `--json`: the same, as one object. Without an examination where Node is too old for one. */
export function jsonReport(
  examination: Examination | undefined,
  findings: readonly Finding[],
): string {
  const [wrong, warnings] = countsOf(findings);
  const report = {
    version,
    route: examination?.config.route ?? null,
    ok: wrong === 0,
    wrong,
    warnings,
    settings: examination === undefined ? [] : readSettings(examination),
    findings: findings.map((finding) => ({ part: partOf(finding.check), ...finding })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function countsOf(findings: readonly Finding[]): [wrong: number, warnings: number] {
  const count = (state: State): number => findings.filter((one) => one.state === state).length;
  return [count('wrong'), count('warning')];
}
