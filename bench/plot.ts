// `npm run bench:plot`: the table of docs/performance.md as a picture, docs/performance.svg.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readOptions } from '../test/command-options.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

interface Row {
  readonly figure: string;
  /** To the stock pipeline. */
  readonly record: number;
  readonly memory: number;
  /** Of `record` and of `memory`. */
  readonly goals: readonly [number, number];
}

/** The rows that have a ratio in both columns. */
export function rowsOf(page: string): Row[] {
  return page.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, figure = '', , , record = '', recordGoal = '', , , memory = '', memoryGoal = ''] =
      cells;
    const ratios = [record, memory].map((cell) => Number.parseFloat(cell));
    const goals = [recordGoal, memoryGoal].map((cell) => Number.parseFloat(cell.replace('≤', '')));
    if ([...ratios, ...goals].some((value) => !Number.isFinite(value))) return [];
    const [ofRecord = 0, ofMemory = 0] = ratios;
    const [first = 0, second = 0] = goals;
    return [{ figure, record: ofRecord, memory: ofMemory, goals: [first, second] as const }];
  });
}

const left = 350;
const unit = 380;
const rowHeight = 46;
const top = 58;

export function draw(rows: readonly Row[]): string {
  const height = top + rows.length * rowHeight + 14;
  const width = left + unit * 1.25;
  const bars = rows.flatMap(({ figure, goals, memory, record }, index) => {
    const y = top + index * rowHeight;
    return [
      `<text x="${left - 10}" y="${y + 20}" text-anchor="end">${figure.replaceAll('`', '')}</text>`,
      bar(y + 2, record, goals[0], '#3b6fb6'),
      bar(y + 20, memory, goals[1], '#8fb8e8'),
    ];
  });
  const one = left + unit;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="What a record costs, as a ratio to the stock OpenTelemetry pipeline">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<g fill="#222222">',
    `<text x="${left}" y="18" font-size="14" font-weight="bold">Ratio to the stock pipeline; shorter is better</text>`,
    legend(left, '#3b6fb6', 'record'),
    legend(left + 90, '#8fb8e8', 'memory'),
    `<path d="M${left + 185} 28v12" stroke="#c0392b" stroke-width="2"/><text x="${left + 192}" y="38">goal</text>`,
    `<path d="M${one} ${top - 8}V${height - 8}" stroke="#999999" stroke-dasharray="4 3"/><text x="${one}" y="${top - 12}" text-anchor="middle">stock = 1</text>`,
    ...bars,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function bar(y: number, ratio: number, goal: number, colour: string): string {
  const end = left + ratio * unit;
  const at = left + goal * unit;
  return [
    `<rect x="${left}" y="${y}" width="${(ratio * unit).toFixed(1)}" height="15" fill="${colour}"/>`,
    `<path d="M${at.toFixed(1)} ${y - 1}v17" stroke="#c0392b" stroke-width="2"/>`,
    `<text x="${(Math.max(end, at) + 6).toFixed(1)}" y="${y + 12}">${ratio}</text>`,
  ].join('');
}

function legend(x: number, colour: string, name: string): string {
  return `<rect x="${x}" y="28" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="38">${name}</text>`;
}

if (import.meta.main) {
  readOptions('npm run bench:plot   takes no options', {});
  writeFileSync(
    pathOf('performance.svg'),
    draw(rowsOf(readFileSync(pathOf('performance.md'), 'utf8'))),
  );
}
