// What the stock pipeline lost, altered or repeated under a test of the suite; of a whole run, as a file beside it.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Evidence } from './oracle/evidence.ts';

export interface StockLoss {
  /** Ids whose log call returned and which never arrived. */
  readonly lost: number;
  readonly of: number;
  /** Stored copies beyond the first. */
  readonly twice: number;
  /** Stored with another payload; at most 21 are counted. */
  readonly altered: number;
}

/** A test, by its id and its title. */
export interface StockResult extends StockLoss {
  readonly id: string;
  readonly title: string;
}

const path = fileURLToPath(new URL('./stock-results.json', import.meta.url));

export function stockLoss({ arrivals, obligations }: Evidence): StockLoss {
  let [lost, of] = [0, 0];
  for (const [writer, max] of obligations) {
    of += max;
    for (let seq = 1; seq <= max; seq++) if (!arrivals.has(writer, seq)) lost++;
  }
  const altered = arrivals.wrong.length + arrivals.altered.length;
  return { lost, of, twice: arrivals.duplicates, altered };
}

export function readStockResults(): StockResult[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StockResult[];
  } catch {
    // Nobody has run it yet.
    return [];
  }
}

/** Tests that did not run keep what they have. */
export function mergeStockResults(
  before: readonly StockResult[],
  ran: readonly StockResult[],
): StockResult[] {
  const keyOf = ({ id, title }: StockResult) => `${id} ${title}`;
  const all = new Map([...before, ...ran].map((result) => [keyOf(result), result]));
  return [...all.values()].sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

export function writeStockResults(results: readonly StockResult[]): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** What the table says of a test: under its own title; in an id's only row, of all tests of that id together. */
export function stockCell(
  results: readonly StockResult[],
  { id, isOnly, title }: { readonly id: string; readonly title: string; readonly isOnly: boolean },
): string {
  const ofId = results.filter((result) => result.id === id);
  const exact = ofId.filter((result) => result.title === title);
  const chosen = exact.length > 0 || !isOnly ? exact : ofId;
  if (chosen.length === 0) return 'not applicable';
  const sum = (name: keyof StockLoss) => chosen.reduce((total, one) => total + one[name], 0);
  const told = [`${grouped(sum('lost'))} of ${grouped(sum('of'))}`];
  if (sum('twice') > 0) told.push(`${grouped(sum('twice'))} came twice`);
  if (sum('altered') > 0) told.push(`${sum('altered')} altered`);
  return told.join('; ');
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
