// The real Grafana Loki and Grafana Alloy as child processes on loopback, where they are installed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The path of a program: from its variable, else from PATH. */
function find(variable: string, name: string): string | undefined {
  const given = process.env[variable];
  const candidates = given
    ? [given]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const lokiProgram: string | undefined = find('LOKI_BIN', 'loki');
export const alloyProgram: string | undefined = find('ALLOY_BIN', 'alloy');

/** What `skip` of a test says where a program is missing; false where all are there. */
export function missing(...programs: ('loki' | 'alloy')[]): string | false {
  const absent = programs.filter(
    (name) => (name === 'loki' ? lokiProgram : alloyProgram) === undefined,
  );
  return absent.length === 0
    ? false
    : `needs ${absent.join(' and ')}: put the program on PATH, or name it in ${absent
        .map((name) => `${name.toUpperCase()}_BIN`)
        .join(', ')} (https://grafana.com/docs/${absent[0]}/latest/)`;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A program that can be killed and started again, with everything it prints in a file. */
export class Program {
  #child: ChildProcess | undefined;
  readonly #start: () => ChildProcess;
  readonly #ready: () => Promise<boolean>;

  constructor(start: () => ChildProcess, ready: () => Promise<boolean>) {
    this.#start = start;
    this.#ready = ready;
  }

  async start(timeoutMs = 60_000): Promise<void> {
    const child = this.#start();
    this.#child = child;
    const deadline = Date.now() + timeoutMs;
    while (!(await this.#ready())) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        throw new Error(`${child.spawnfile} did not become ready (exit code ${child.exitCode}).`);
      }
      await delay(100);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(force);
  }
}

async function answers(url: string, accept: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return accept(response.status);
  } catch {
    return false;
  }
}

export interface Loki {
  readonly url: string;
  readonly program: Program;
  /** Rows of a log query over the last hours, oldest first. */
  query(logql: string): Promise<LokiRow[]>;
  /** The number a metric query gives now. */
  count(logql: string): Promise<number>;
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
export async function startLoki(folder: string, limits = ''): Promise<Loki> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'loki.yaml');
  writeFileSync(configuration, lokiConfiguration(folder, port, grpcPort, limits));
  const url = `http://127.0.0.1:${port}`;
  const program = new Program(
    () => run(lokiProgram, [`-config.file=${configuration}`], join(folder, 'loki.log')),
    () => answers(`${url}/ready`, (status) => status === 200),
  );
  await program.start();
  return { url, program, ...queries(url) };
}

function lokiConfiguration(folder: string, port: number, grpcPort: number, limits: string): string {
  return `auth_enabled: false
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
${limits}`;
}

interface StreamResult {
  readonly stream: Record<string, string>;
  readonly values: [string, string, Record<string, string>?][];
}

function queries(url: string): Pick<Loki, 'query' | 'count' | 'waitFor'> {
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
  const page = async (logql: string, start: bigint): Promise<LokiRow[]> => {
    const result = await get('query_range', {
      query: logql,
      // An answer above 4 MiB hangs inside Loki: page by 1,000 rows.
      limit: '1000',
      direction: 'forward',
      start: String(start),
      end: String(BigInt(Date.now() + 600_000) * 1_000_000n),
    });
    return (result as StreamResult[])
      .flatMap(({ stream, values }) =>
        values.map(([time, line]) => ({ time: BigInt(time), line, fields: stream })),
      )
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  };
  const query = async (logql: string): Promise<LokiRow[]> => {
    const rows: LokiRow[] = [];
    for (let start = BigInt(Date.now() - 24 * 3_600_000) * 1_000_000n; ; ) {
      const next = await page(logql, start);
      rows.push(...next);
      const last = next.at(-1);
      if (next.length < 1_000 || last === undefined) {
        return rows;
      }
      start = last.time + 1n;
    }
  };
  return {
    query,
    async count(logql) {
      const result = (await get('query', { query: logql })) as { value: [number, string] }[];
      return result.reduce((sum, { value }) => sum + Number(value[1]), 0);
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

export interface Alloy {
  /** Where its OTLP receiver listens (HTTP). */
  readonly otlpUrl: string;
  /** Its own pages and metrics. */
  readonly url: string;
  readonly program: Program;
}

/** An Alloy that sends to `lokiUrl`; `configuration` is given the port of its OTLP receiver. */
export async function startAlloy(
  folder: string,
  configuration: (otlpPort: number) => string,
  flags: readonly string[] = [],
): Promise<Alloy> {
  const [otlpPort, port] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.alloy');
  writeFileSync(file, configuration(otlpPort));
  const url = `http://127.0.0.1:${port}`;
  const settings = [
    'run',
    `--server.http.listen-addr=127.0.0.1:${port}`,
    `--storage.path=${folder}/data`,
    '--disable-reporting',
    ...flags,
    file,
  ];
  const program = new Program(
    () => run(alloyProgram, settings, join(folder, 'alloy.log')),
    () => answers(`${url}/-/ready`, (status) => status === 200),
  );
  await program.start();
  return { otlpUrl: `http://127.0.0.1:${otlpPort}`, url, program };
}

/** OTLP in, Loki's OTLP endpoint out, nothing in between. */
export function plainAlloy(lokiUrl: string): (otlpPort: number) => string {
  return (otlpPort) => `
otelcol.receiver.otlp "apps" {
  http {
    endpoint = "127.0.0.1:${otlpPort}"
  }
  output {
    logs = [otelcol.exporter.otlphttp.loki.input]
  }
}

otelcol.exporter.otlphttp "loki" {
  client {
    endpoint = "${lokiUrl}/otlp"
  }
}
`;
}

function run(program: string | undefined, args: readonly string[], logFile: string): ChildProcess {
  if (program === undefined) {
    throw new Error('The program is not installed.');
  }
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('exit', () => log.end());
  return child;
}
