// Words, sizes, ages and tables as a person reads them on a terminal.

import { stripVTControlCharacters } from 'node:util';

// What a record or a file holds can repaint a terminal or turn the reading direction: shown, not obeyed.
const unsafe = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function printable(text: string): string {
  return text.replace(
    unsafe,
    (character) =>
      known[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function shortened(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns
    ? text
    : `${characters.slice(0, Math.max(1, columns - 1)).join('')}…`;
}

export function bytesOf(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export type Column = 'left' | 'right';

/** Rows of equal length as lines; what colours a cell takes no room. */
export function table(rows: readonly (readonly string[])[], columns: readonly Column[]): string[] {
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.map((row) =>
    columns
      .map((column, at) => {
        const cell = row[at] ?? '';
        const room = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
        return column === 'left' ? `${cell}${room}` : `${room}${cell}`;
      })
      .join('  ')
      .trimEnd(),
  );
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
