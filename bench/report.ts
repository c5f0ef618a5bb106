// The tables that the bench prints.

import { type Comparison, compare, judge, type Verdict } from './compare.ts';
import type { ContenderName } from './contender.ts';
import { type Row, rows } from './goals.ts';
import type { Results } from './results.ts';

const durabilities = ['record', 'memory'] as const;

/** Ours beside the goals. */
export function goalTable(results: Results): string {
  const head = ['figure', 'stock', 'record', 'ratio', 'goal', '', 'memory', 'ratio', 'goal', ''];
  const body = rows
    .filter((row) => row.goal !== undefined)
    .map((row) => [
      row.label,
      quantity(compare(results, row, 'stock').value, row),
      ...durabilities.flatMap((durability) => cells(results, row, durability)),
    ]);
  return table(head, body);
}

/** Everybody's medians. */
export function peerTable(results: Results, contenders: readonly ContenderName[]): string {
  const body = rows.map((row) => [
    row.overNone === true ? `${row.label} (none: in all)` : row.label,
    ...contenders.map((contender) => {
      const inAll = contender === 'none' && row.overNone === true;
      const value = inAll
        ? results.median('none', row.figure)
        : compare(results, row, contender).value;
      return quantity(contender === 'none' && row.kind === 'lost' ? undefined : value, row);
    }),
  ]);
  return table(['median', ...contenders], body);
}

/** What redaction costs a record: round by round, because the machine drifts. */
function redactionCost(results: Results): string[] {
  const without = results.of('ours-memory-unredacted', 'cpu.mainUs');
  const costs = results
    .of('ours-memory', 'cpu.mainUs')
    .map((us, round) => us - (without[round] ?? Number.NaN))
    .filter(Number.isFinite)
    .sort((one, other) => one - other);
  const median = costs[Math.floor(costs.length / 2)];
  return median === undefined
    ? []
    : [
        `Redaction costs ${median.toFixed(2)} µs of main-thread CPU a record (${costs.map((us) => us.toFixed(2)).join(', ')}).`,
      ];
}

/** What a reader must know before believing a figure. */
export function remarks(results: Results): readonly string[] {
  const failed = results.failures.map(
    ({ contender, question, message }) =>
      `${contender} could not be measured (${question}): ${message}`,
  );
  const odd = Object.entries(results.values).flatMap(([contender, figures]) =>
    Object.entries(figures).flatMap(([key, counts]) => remark(contender, key, Math.max(...counts))),
  );
  return [...new Set([...failed, ...odd, ...redactionCost(results)])];
}

function remark(contender: string, key: string, count: number): string[] {
  if (count <= 0) return [];
  if (key.endsWith('.faulty')) return [`${contender}: ${count} faulty records (${key}).`];
  if (key.endsWith('wice')) return [`${contender}: ${count} records came twice (${key}).`];
  if (key.endsWith('Hung')) return [`${contender}: the process did not end by itself (${key}).`];
  return [];
}

function cells(results: Results, row: Row, durability: (typeof durabilities)[number]): string[] {
  const comparison = compare(results, row, `ours-${durability}`);
  const goal = row.goal?.[durability];
  return [
    quantity(comparison.value, row),
    ratio(comparison),
    goal === undefined ? '' : `≤ ${goal}${row.kind === 'absolute' ? ` ${row.unit}` : ''}`,
    mark(judge(results, row, durability, comparison)),
  ];
}

function ratio({ ratio, range }: Comparison): string {
  if (ratio === undefined) return '';
  const digits = Math.abs(ratio) < 0.1 ? 3 : 2;
  const spread = range?.map((end) => end.toFixed(digits)).join('–');
  return `${ratio.toFixed(digits)}${spread === undefined ? '' : ` (${spread})`}`;
}

function mark(verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return 'pass';
    case 'miss':
      return '**miss**';
    case 'counted':
      return 'ring full, each counted';
    case undefined:
      return '';
  }
}

function quantity(value: number | undefined, { kind, unit }: Row): string {
  if (value === undefined) return '–';
  if (kind === 'lost') return value.toLocaleString('en');
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(Math.abs(value) < 0.1 ? 3 : digits)} ${unit}`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
