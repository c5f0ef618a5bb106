// The end of a case whose fault was the network's or the server's: the process that met it delivers what it has
// kept, a fresh record in time, and ends as it would have without the SDK.

import { assert } from './assert.ts';
import type { Case } from './case.ts';
import type { Evidence } from './oracle/evidence.ts';
import { checkLiveness, compareEnds } from './oracle/host.ts';
import type { Allowances, VerdictName } from './oracle/verdicts.ts';
import type { ProcessEnd, TorturedProcess } from './process.ts';
import { isStock } from './settings.ts';

export interface FinishOptions extends Allowances {
  /** The wait that the fault may have caused (back-off, probe, Retry-After), in real ms. @default 0 */
  readonly waitMs?: number;
  /** For everything that was kept. @default 60 s */
  readonly timeoutMs?: number;
  readonly without?: readonly VerdictName[];
}

const quietEnd = { code: 0, signal: null, stdout: '', stderr: '' };

/** Call it when the fault is over. Every verdict of the oracle is passed on. */
export async function finish(
  c: Case,
  process: TorturedProcess,
  { waitMs = 0, timeoutMs = 60_000, without = [], ...allowances }: FinishOptions = {},
): Promise<{ end: ProcessEnd; evidence: Evidence }> {
  const end = await finishProcess(c, process, { waitMs, timeoutMs });
  return { end, evidence: c.judge(allowances, without) };
}

/** The same without the verdicts, where further processes follow. */
export async function finishProcess(
  c: Case,
  process: TorturedProcess,
  { waitMs = 0, timeoutMs = 60_000 }: FinishOptions = {},
): Promise<ProcessEnd> {
  if (isStock) return await c.endStock(process);
  const { receiver } = c;
  const healedAtMs = performance.now();
  const { logged } = await process.log({ count: 1 });
  let storedAtMs: number | undefined;
  await receiver.until(
    () => {
      const isStored = receiver.arrivals.has(process.writer, logged);
      if (isStored) storedAtMs = receiver.storedAtMs;
      return isStored;
    },
    'a fresh record is stored',
    timeoutMs,
  );
  assert.deepEqual(checkLiveness(storedAtMs, healedAtMs, waitMs), []);
  await c.until(
    async () => {
      const { adopted, pending } = await process.stats();
      return pending + adopted.pending === 0;
    },
    'everything is settled',
    timeoutMs,
  );
  await process.send({ type: 'sample', isLast: true });
  const end = await process.end('natural');
  assert.deepEqual(compareEnds(end, quietEnd), []);
  return end;
}
