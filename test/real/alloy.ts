// The real Grafana Alloy as a child process on loopback, and its configurations.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alloyProgram, answers, freePort, Program, run } from './programs.ts';

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
  const otlpPort = await freePort();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.alloy');
  writeFileSync(file, configuration(otlpPort));
  const { url, program } = await runAlloy(folder, file, {}, flags);
  return { otlpUrl: `http://127.0.0.1:${otlpPort}`, url, program };
}

/** An Alloy with a configuration file that lies somewhere, and the variables that it reads. */
export async function runAlloy(
  folder: string,
  file: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Omit<Alloy, 'otlpUrl'>> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
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
    () => run(alloyProgram, settings, join(folder, 'alloy.log'), env),
    () => answers(`${url}/-/ready`, (status) => status === 200),
  );
  await program.start();
  return { url, program };
}

/** An Alloy with a configuration of deploy/alloy, everything it opens or writes in its own place. */
export async function deployedAlloy(
  folder: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Alloy & { readonly pushUrl: string }> {
  const [http, grpc, push] = [await freePort(), await freePort(), await freePort()];
  const path = fileURLToPath(new URL(`../../deploy/alloy/${file}`, import.meta.url));
  const places = {
    ALLOY_QUEUE_DIR: join(folder, 'queue'),
    ALLOY_OTLP_HTTP: `127.0.0.1:${http}`,
    ALLOY_OTLP_GRPC: `127.0.0.1:${grpc}`,
    ALLOY_LOG_FILES: `${folder}/logs/**/*.log`,
    LOKI_PUSH_PORT: String(push),
  };
  const flags = ['--stability.level=public-preview'];
  const { url, program } = await runAlloy(folder, path, { ...places, ...env }, flags);
  return {
    otlpUrl: `http://127.0.0.1:${http}`,
    pushUrl: `http://127.0.0.1:${push}/loki/api/v1/push`,
    url,
    program,
  };
}

/** The block that takes OTLP in and hands one signal on to `next`. */
export function receiver(otlpPort: number, signal: 'logs' | 'metrics', next: string): string {
  return `otelcol.receiver.otlp "apps" {
  http {
    endpoint = "127.0.0.1:${otlpPort}"
  }
  output {
    ${signal} = [${next}.input]
  }
}`;
}

/** OTLP in, Loki's OTLP endpoint out, nothing in between. */
export function plainAlloy(lokiUrl: string): (otlpPort: number) => string {
  return (otlpPort) => `
${receiver(otlpPort, 'logs', 'otelcol.exporter.otlphttp.loki')}

otelcol.exporter.otlphttp "loki" {
  client {
    endpoint = "${lokiUrl}/otlp"
  }
}
`;
}

/**
 * As `plainAlloy`, with what Alloy needs to lose nothing: a queue on disk, and no end of retrying. `storage` is an
 * existing folder. Needs `--stability.level=public-preview`.
 */
export function queueingAlloy(lokiUrl: string, storage: string): (otlpPort: number) => string {
  return (otlpPort) => `
${receiver(otlpPort, 'logs', 'otelcol.exporter.otlphttp.loki')}

otelcol.storage.file "queue" {
  directory = "${storage}"
}

otelcol.exporter.otlphttp "loki" {
  client {
    endpoint = "${lokiUrl}/otlp"
  }
  sending_queue {
    storage    = otelcol.storage.file.queue.handler
    queue_size = 20000
    batch {
      flush_timeout = "1s"
      sizer         = "bytes"
      min_size      = 250000
      max_size      = 1000000
    }
  }
  retry_on_failure {
    max_elapsed_time = "0s"
  }
}
`;
}
