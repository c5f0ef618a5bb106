// Registers a test of the suite under its id, and reports how it went.

import { appendFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { Case, type Figures } from './case.ts';
import { chooseSeed, isChosen, isShort, isStock } from './settings.ts';
import { type StockLoss, stockLoss } from './stock.ts';

export interface TortureOptions {
  /** @default 2 min in the short form, 15 min in the long one and for the stock pipeline */
  readonly timeoutMs?: number;
  /** What is missing for this test on this machine; it is then skipped with these words. */
  readonly missing?: string | undefined;
  /** Its scenario makes sense for the stock pipeline, too: it has no spool, no clock and no look-up of ours. @default false */
  readonly forStock?: boolean;
  /** Never part of the short form, whatever else its id stands for. @default false */
  readonly isLong?: boolean;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly form: 'short' | 'long';
  readonly seconds: number;
  readonly seed: number;
  readonly figures: Figures;
  /** In place of figures, of a run against the stock pipeline. */
  readonly stock?: StockLoss;
  /** Of a failure or a skip. */
  readonly why?: string;
}

/** Seeds of runs that failed, for `npm run torture -- --seed <n> --only <id>`. */
export const failingSeedsPath: string = join(
  tmpdir(),
  'otel-setup-torture',
  'failing-seeds.ndjson',
);

/** The test `<id> <title>`; of the short form, what it leaves out is skipped where everybody sees it. */
export function torture(
  id: string,
  title: string,
  options: TortureOptions,
  body: (c: Case) => Promise<void>,
): void {
  const chosen = isChosen(id, options.isLong ?? false);
  if (!chosen || (isStock && !options.forStock)) return;
  if (chosen === 'left') {
    it(`${id} ${title}`, { skip: 'not in the short form; npm run torture runs it' });
    return;
  }
  const seed = chooseSeed();
  const base = { id, title, form: isShort ? 'short' : 'long', seed } as const;
  const { missing, timeoutMs = isShort && !isStock ? 120_000 : 900_000 } = options;
  if (missing !== undefined) {
    report({ ...base, result: 'skipped', seconds: 0, figures: {}, why: missing });
  }
  it(`${id} ${title}`, { skip: missing ?? false, timeout: timeoutMs }, async (t) => {
    const startedAt = performance.now();
    const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
    const c = new Case(t, seed);
    let isPassed = false;
    t.diagnostic(`seed ${seed}`);
    // After a time-out the body still waits; its processes must not outlive it.
    t.after(() => c.close(isPassed));
    try {
      await body(c);
      isPassed = true;
      if (isStock) Object.assign(base, { stock: stockLoss(c.evidence()) });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      append(failingSeedsPath, { id, seed, form: base.form, folder: c.folder });
      report({ ...base, result: 'failed', seconds: seconds(), figures: c.figures, why });
      t.diagnostic(`failed with seed ${seed}; what it left is in ${c.folder}`);
      throw error;
    }
    report({ ...base, result: 'passed', seconds: seconds(), figures: c.figures });
  });
}

function report(result: Result): void {
  const path = process.env.TORTURE_RESULTS;
  if (path !== undefined) append(path, result);
}

function append(path: string, line: object): void {
  mkdirSync(join(path, '..'), { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}
