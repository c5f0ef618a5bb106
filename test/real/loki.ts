// The real Grafana Loki as a child process on loopback, and questions to it in LogQL.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, freePort, lokiProgram, Program, run } from './programs.ts';

export interface Loki {
  readonly url: string;
  readonly program: Program;
  /** Rows of a log query, from a minute before Loki's first start until a minute from now, oldest first. */
  query(logql: string): Promise<LokiRow[]>;
  /** The number a metric query gives now. */
  count(logql: string): Promise<number>;
  /** Polls `count` until it gives at least so much, and gives the last figure. */
  waitForCount(logql: string, count: number, timeoutMs?: number): Promise<number>;
  /** Polls `query` until it gives `count` rows, and gives what there is at the deadline otherwise. */
  waitFor(logql: string, count: number, timeoutMs?: number): Promise<LokiRow[]>;
}

export interface LokiRow {
  /** Nanoseconds. */
  readonly time: bigint;
  readonly line: string;
  /** Index labels and structured metadata together, as Grafana shows them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A single-process Loki with its default limits (`limits` changes them), its data under `folder`. */
export async function startLoki(
  folder: string,
  limits = '',
  { tenants = false }: { readonly tenants?: boolean } = {},
): Promise<Loki> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'loki.yaml');
  writeFileSync(configuration, lokiConfiguration(folder, port, grpcPort, tenants) + limits);
  const url = `http://127.0.0.1:${port}`;
  const program = new Program(
    () => run(lokiProgram, [`-config.file=${configuration}`], join(folder, 'loki.log')),
    () => answers(`${url}/ready`, (status) => status === 200),
  );
  await program.start();
  return { url, program, ...queries(url) };
}

function lokiConfiguration(
  folder: string,
  port: number,
  grpcPort: number,
  tenants: boolean,
): string {
  return `auth_enabled: ${tenants}
server:
  http_listen_address: 127.0.0.1
  http_listen_port: ${port}
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: ${grpcPort}
  log_level: warn
common:
  instance_addr: 127.0.0.1
  path_prefix: ${folder}/data
  storage:
    filesystem:
      chunks_directory: ${folder}/data/chunks
      rules_directory: ${folder}/data/rules
  replication_factor: 1
  ring:
    kvstore:
      store: inmemory
ingester:
  lifecycler:
    min_ready_duration: 0s
    final_sleep: 0s
# Named, because the ring of schedulers is asked for them every 10 s only, and Loki is not ready until then.
frontend:
  scheduler_address: 127.0.0.1:${grpcPort}
frontend_worker:
  scheduler_address: 127.0.0.1:${grpcPort}
schema_config:
  configs:
    - from: 2020-10-24
      store: tsdb
      object_store: filesystem
      schema: v13
      index:
        prefix: index_
        period: 24h
analytics:
  reporting_enabled: false
limits_config:
  volume_enabled: true
`;
}

// An answer above 4 MiB hangs inside Loki.
const pageRows = 1_000;

interface StreamResult {
  readonly stream: Record<string, string>;
  readonly values: [string, string, Record<string, string>?][];
}

export function queries(url: string): Omit<Loki, 'url' | 'program'> {
  const get = async (path: string, parameters: Record<string, string>): Promise<unknown> => {
    const response = await fetch(`${url}/loki/api/v1/${path}?${new URLSearchParams(parameters)}`, {
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${parameters.query}: ${response.status} ${text}`);
    }
    return (JSON.parse(text) as { data: { result: unknown } }).data.result;
  };
  const page = async (logql: string, start: bigint, end: bigint): Promise<LokiRow[]> => {
    const result = await get('query_range', {
      query: logql,
      limit: String(pageRows),
      direction: 'forward',
      start: String(start),
      end: String(end),
    });
    return (result as StreamResult[])
      .flatMap(({ stream, values }) =>
        values.map(([time, line]) => ({ time: BigInt(time), line, fields: stream })),
      )
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  };
  const startedMs = Date.now();
  const query = async (logql: string): Promise<LokiRow[]> => {
    const rows: LokiRow[] = [];
    const limit = BigInt(Date.now() + 60_000) * 1_000_000n;
    let start = BigInt(startedMs - 60_000) * 1_000_000n;
    // Loki reads all of the time it is asked for: 1 s for a page of an hour, 0.1 s for one that is just long enough.
    for (let span = limit - start; start < limit; ) {
      const end = start + span;
      const next = await page(logql, start, end);
      const isFull = next.length >= pageRows;
      // The next page begins with the nanosecond that a full one ends with: more rows may share it.
      const last = isFull ? (next.at(-1)?.time ?? end) : end;
      if (last === start) {
        throw new Error(`More than ${pageRows} rows share the nanosecond ${start}.`);
      }
      rows.push(...next.filter(({ time }) => time < last));
      span = isFull ? last - start : span * 2n;
      start = last;
    }
    return rows;
  };
  const count = async (logql: string): Promise<number> => {
    const result = (await get('query', { query: logql })) as { value: [number, string] }[];
    return result.reduce((sum, { value }) => sum + Number(value[1]), 0);
  };
  return {
    query,
    count,
    async waitForCount(logql, least, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const counted = await count(logql);
        if (counted >= least || Date.now() > deadline) {
          return counted;
        }
        await delay(250);
      }
    },
    async waitFor(logql, count, timeoutMs = 20_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const rows = await query(logql);
        if (rows.length >= count || Date.now() > deadline) {
          return rows;
        }
        await delay(250);
      }
    },
  };
}
