// Logs every case in a process of its own and gives what arrived, case by case.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type StoredRecord, startInbox } from 'otlp-inbox';
import { groups } from './cases.ts';
import { startTee } from './tee.ts';

export interface Arrived {
  readonly records: readonly StoredRecord[];
  /** The name of what the call threw. */
  readonly thrown: string | undefined;
}

const program = fileURLToPath(new URL('program.ts', import.meta.url));
const limitMs = 120_000;

/** `alsoTo`: the address of a Loki, which gets each request as well. */
export async function collect(name: 'ours' | 'stock', alsoTo?: string): Promise<Arrived[]> {
  const inbox = await startInbox({ port: 0, rules: name === 'ours' ? 'loki' : 'none' });
  const tee = alsoTo === undefined ? undefined : await startTee([inbox.url, `${alsoTo}/otlp`]);
  const folder = await mkdtemp(join(tmpdir(), 'otel-setup-values-'));
  try {
    const thrown = await run(name, tee?.url ?? inbox.url, folder);
    const refused = inbox.requests.find(({ rejected }) => rejected > 0);
    if (refused !== undefined) {
      throw new Error(`Loki's rules refuse a record: ${refused.message}`);
    }
    return byCase(inbox.records, thrown);
  } finally {
    await inbox.close();
    tee?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  name: string,
  endpoint: string,
  folder: string,
): Promise<Readonly<Record<number, string>>> {
  const strip = process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')
    ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
    : [];
  const { stdout } = await promisify(execFile)(process.execPath, [...strip, program, name], {
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TMPDIR: folder,
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: 'shop',
      LOG_SPOOL_DIR: join(folder, 'spool'),
      LOG_CONSOLE: 'off',
      LOG_LEVEL: 'silly',
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
}

/** A marker comes before each case. */
function byCase(
  records: readonly StoredRecord[],
  thrown: Readonly<Record<number, string>>,
): Arrived[] {
  const count = groups.reduce((sum, { cases }) => sum + cases.length, 0);
  const arrived = Array.from({ length: count }, (_, i) => ({
    records: [] as StoredRecord[],
    thrown: thrown[i],
  }));
  let at = -1;
  for (const record of records) {
    if (record.scope.name === 'case') {
      at = Number(record.record.body);
    } else {
      arrived[at]?.records.push(record);
    }
  }
  return arrived;
}
