// One run of the shop: started, visited, stopped; its spool is removed when nothing is left in it.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Route, withResource } from '../environment.ts';
import { type ShopEnd, startShop } from '../shop-process.ts';
import type { Checks } from './checks.ts';
import { type Played, play } from './play.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** What is asked for. */
export interface Run {
  readonly route: Route;
  readonly runId: string;
  readonly stop: AbortSignal;
}

export interface ShopRun {
  readonly played: readonly Played[];
  readonly end: ShopEnd;
  readonly resource: Readonly<Record<string, string>>;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** The two routes' runs differ in `LOG_ROUTE` and in nothing else. Rejects when `stop` aborts it. */
export async function runShop(
  { route, runId, stop }: Run,
  base: NodeJS.ProcessEnv,
  checks: Checks,
): Promise<ShopRun> {
  const spool = await mkdtemp(join(tmpdir(), 'otel-setup-smoke-'));
  const startedMs = Date.now();
  const tags = { 'deployment.environment.name': 'smoke', 'smoke.run': runId };
  const shop = await startShop({
    env: withResource(
      {
        OTEL_LOG_LEVEL: 'warn',
        ...base,
        OTEL_SERVICE_NAME: 'shop',
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silly',
        LOG_CONSOLE: 'off',
        ...(base.LOG_DURABILITY === 'memory' ? {} : { LOG_SPOOL_DIR: spool }),
        LOG_ROUTE: route,
      },
      tags,
    ),
    console: false,
  });
  let played: Played[];
  let end: ShopEnd;
  try {
    played = await play(shop.url, checks, stop);
  } finally {
    end = await shop.stop();
    // What a whole run could not send is evidence; half a run is nothing.
    if (end.ledger?.pending === 0 || stop.aborted) {
      await rm(spool, { recursive: true, force: true });
    }
  }
  const resource = { 'service.name': 'shop', 'service.version': version, ...tags };
  return { played, end, resource, startedMs, endedMs: Date.now() };
}
