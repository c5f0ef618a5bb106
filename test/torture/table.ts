// The suite's results as a table, on the terminal and in the documentation.

import type { Result } from './torture.ts';

const begin = '<!-- torture: begin -->';
const end = '<!-- torture: end -->';

export function tableRows(results: readonly Result[]): string[] {
  return ['| test | what is done | result | figures |', '|---|---|---|---|', ...results.map(rowOf)];
}

function rowOf({ figures, id, result, seconds, title, why }: Result): string {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${grouped(value)}`);
  if (result === 'skipped') told.push(`skipped: ${why}`);
  if (result === 'failed') told.push(why?.split('\n')[0] ?? '');
  if (result === 'passed') told.push(`${seconds} s`);
  return `| ${id} | ${title} | ${result} | ${told.join('; ')} |`.replaceAll('\n', ' ');
}

function grouped(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}

/**
 * The text with its table between the two marks brought up to date: rows of tests that did not run stay.
 * @throws where the marks are missing
 */
export function withTable(text: string, results: readonly Result[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${begin} and ${end} are missing`);
  const ran = new Set(results.map(({ id }) => id));
  const kept = text
    .slice(from, to)
    .split('\n')
    .filter((row) => {
      const id = /^\| ([TS]\d+) /.exec(row)?.[1];
      return id !== undefined && !ran.has(id);
    });
  const rows = [...kept, ...results.map(rowOf)].sort((one, other) => one.localeCompare(other));
  const table = [...tableRows([]), ...rows].join('\n');
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}
