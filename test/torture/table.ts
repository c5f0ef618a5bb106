// The suite's results as a table, on the terminal and in the documentation.

import { type StockResult, stockCell } from './stock.ts';
import type { Result } from './torture.ts';

const begin = '<!-- torture: begin -->';
const end = '<!-- torture: end -->';

const head = ['test', 'what is done', 'result', 'figures'];

export function tableRows(results: readonly Result[]): string[] {
  return [...headOf(head), ...results.map((result) => rowOf(cellsOf(result)))];
}

function headOf(names: readonly string[]): string[] {
  return [rowOf(names), `${'|---'.repeat(names.length)}|`];
}

function cellsOf({ figures, id, result, seconds, title, why }: Result): string[] {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${grouped(value)}`);
  if (result === 'skipped') told.push(`skipped: ${why}`);
  if (result === 'failed') told.push(why?.split('\n')[0] ?? '');
  if (result === 'passed') told.push(`${seconds} s`);
  return [id, title, result, told.join('; ')];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`.replaceAll('\n', ' ');
}

function grouped(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}

/**
 * The text with its table between the two marks brought up to date: rows of tests that did not run stay, and each
 * has what the stock pipeline lost beside it.
 * @throws where the marks are missing
 */
export function withTable(
  text: string,
  results: readonly Result[],
  stock: readonly StockResult[],
): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${begin} and ${end} are missing`);
  const ran = new Set(results.map(({ id }) => id));
  const kept = text
    .slice(from, to)
    .split('\n')
    .map((row) => row.slice(2, -2).split(' | '))
    .filter(([id = '']) => /^[TS]\d+$/.test(id) && !ran.has(id));
  const all = [...kept, ...results.map(cellsOf)];
  const rows = all
    .map(([id = '', title = '', result = '', figures = '']) => {
      const isOnly = all.filter(([other]) => other === id).length === 1;
      return rowOf([id, title, result, figures, stockCell(stock, { id, title, isOnly })]);
    })
    .sort((one, other) => one.localeCompare(other));
  const table = [...headOf([...head, 'stock pipeline: lost']), ...rows].join('\n');
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}
