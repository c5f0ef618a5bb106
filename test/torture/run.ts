// `npm run torture`: the whole suite, or some of it, with a table at the end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from '../command-options.ts';
import {
  mergeStockResults,
  readStockResults,
  type StockResult,
  stockCell,
  writeStockResults,
} from './stock.ts';
import { tableRows, withTable } from './table.ts';
import { failingSeedsPath, type Result } from './torture.ts';

const usage = `npm run torture [-- <options>]
  --only T01,S05   these tests
  --seed 4711      from this seed
  --short          the short form, as under npm test
  --docs           writes the table into docs/guarantees-tests.md
  --stock          the same faults for the stock pipeline: what it loses is counted, nothing is judged`;
const values = readOptions(usage, {
  only: { type: 'string' },
  seed: { type: 'string' },
  short: { type: 'boolean', default: false },
  stock: { type: 'boolean', default: false },
  docs: { type: 'boolean', default: false },
});

const here = fileURLToPath(new URL('.', import.meta.url));
const docsPath = fileURLToPath(new URL('../../docs/guarantees-tests.md', import.meta.url));
const outcome = join(tmpdir(), 'otel-setup-torture');
const lines = join(outcome, `results-${process.pid}.ndjson`);

mkdirSync(outcome, { recursive: true });
rmSync(lines, { force: true });
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(here, name))
  .filter(isWanted);
const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    TORTURE: values.short ? 'short' : 'long',
    TORTURE_RESULTS: lines,
    ...(values.stock ? { TORTURE_PIPELINE: 'stock' } : {}),
    ...(values.only === undefined ? {} : { TORTURE_ONLY: values.only }),
    ...(values.seed === undefined ? {} : { TORTURE_SEED: values.seed }),
  },
});
const [code] = await once(tests, 'close');

const results = readResults();
const path = join(outcome, 'results.json');
writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
const stock = results.flatMap(({ id, stock, title }): StockResult[] =>
  stock === undefined ? [] : [{ id, title, ...stock }],
);
if (values.stock) {
  for (const { id, title } of stock)
    console.log(`${id} ${title}: lost ${stockCell(stock, { id, title, isOnly: false })}`);
} else {
  for (const row of tableRows(results)) console.log(row);
}
const counts = (['passed', 'failed', 'skipped'] as const).map(
  (result) => `${results.filter((one) => one.result === result).length} ${result}`,
);
console.log(`\n${counts.join(', ')}. As JSON: ${path}`);
if (results.some(({ result }) => result === 'failed')) console.log(`Seeds: ${failingSeedsPath}`);
if (values.docs) writeDocs();
process.exitCode = code === 0 ? 0 : 1;

/** The table has rows of ours, and beside each what the stock pipeline lost when it ran last. */
function writeDocs(): void {
  const all = mergeStockResults(readStockResults(), stock);
  if (values.stock) writeStockResults(all);
  const text = readFileSync(docsPath, 'utf8');
  writeFileSync(docsPath, withTable(text, values.stock ? [] : results, all));
}

/** With `--only`, the files that name one of these tests. */
function isWanted(path: string): boolean {
  if (values.only === undefined) return true;
  const text = readFileSync(path, 'utf8').toUpperCase();
  return values.only.split(',').some((id) => text.includes(`'${id.trim().toUpperCase()}'`));
}

function readResults(): Result[] {
  try {
    const text = readFileSync(lines, 'utf8');
    rmSync(lines);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Result)
      .sort((one, other) => one.id.localeCompare(other.id));
  } catch {
    // No test of the suite ran.
    return [];
  }
}
