// What a case is, and what the cases share: a program of a project, run as a user would run it, with
// the inbox as its Alloy, and the checks on what arrived.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Inbox, type StoredRecord, startInbox } from 'otlp-inbox';
import { type Ended, mustRun, outputOf } from './child.ts';
import type { Workspace } from './workspace.ts';

export interface Case {
  readonly name: string;
  /** Rejects with what is wrong. */
  run(workspace: Workspace): Promise<void>;
}

/** Variables of the person who runs this must not decide how a case ends. */
const foreign = /^(OTEL_|LOG_|GRAFANA_|ALLOY_|LOKI_|NODE_|npm_|INIT_CWD|https?_proxy|no_proxy)/i;

export function programEnv(
  inbox: Inbox,
  dir: string,
  more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_SPOOL_DIR: join(dir, 'spool'),
    OTEL_SERVICE_NAME: 'compat',
    ...more,
  };
}

export interface Program {
  readonly dir: string;
  readonly args: readonly string[];
  /** A second program, started when the first has ended. */
  readonly next?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly check: (records: readonly StoredRecord[], ended: Ended) => void | Promise<void>;
}

/** Runs a program to its end with an inbox of its own, and judges what the inbox then holds. */
export async function runProgram({ dir, args, next, env, check }: Program): Promise<void> {
  const inbox = await startInbox({ port: 0 });
  try {
    const options = { cwd: dir, env: programEnv(inbox, dir, env) };
    const ended = await mustRun(process.execPath, args, options);
    if (next) await mustRun(process.execPath, next, options);
    try {
      await check(inbox.records, ended);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${outputOf(ended)}`, {
        cause: error,
      });
    }
  } finally {
    await inbox.close();
  }
}

/** What every program of the projects `plain` and `typescript` logs, as it must arrive. */
export function checkThree(records: readonly StoredRecord[]): void {
  assert.deepEqual(
    records.map(({ record }) => [record.severityNumber, record.body]),
    [
      [9, 'order placed'],
      [13, 'stock low'],
      // winston joins the message and the error's.
      [17, 'payment failed card refused'],
    ],
  );
  const [placed, low, failed] = records.map(({ record }) => record.attributes);
  assert.equal(placed?.orderId, 42);
  assert.equal(low?.requestId, 'r-1');
  assert.equal(failed?.['exception.type'], 'TypeError');
  assert.equal(failed?.['exception.message'], 'card refused');
}
