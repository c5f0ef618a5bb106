// Runs lifecycle-app.ts as a process of its own, and receives what it sends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Scenario } from './lifecycle-app.ts';

export const appPath: string = fileURLToPath(new URL('./lifecycle-app.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface RunOptions {
  /** Sent each time the application says `ready` or `signal`. */
  readonly signal?: NodeJS.Signals;
  readonly env?: NodeJS.ProcessEnv;
  readonly command?: readonly string[];
  onOutput?(kill: (signal: NodeJS.Signals) => void, text: string): void;
}

// A healthy end is over long before; a busy machine must not turn slowness into a failure.
const patient = { naturalMs: 15_000, exitMs: 15_000, downMs: 50 };

export async function runApp(given: Scenario, options: RunOptions = {}): Promise<Ended> {
  const scenario = { timeouts: patient, ...given };
  const [command = process.execPath, ...before] = options.command ?? [process.execPath];
  const began = performance.now();
  const env = { ...process.env, ...options.env };
  const child = spawn(command, [...before, appPath, JSON.stringify(scenario)], { env });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 20_000);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    const asks = /ready|signal \d/.test(String(chunk));
    if (asks && options.signal !== undefined) child.kill(options.signal);
    options.onOutput?.((signal) => child.kill(signal), String(chunk));
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(watchdog);
  return { code, signal, stdout, stderr, tookMs: performance.now() - began };
}

export type Base = Omit<Scenario, 'ours' | 'url'> & { readonly url?: string };

/** The same scenario with us and without. */
export async function runBoth(
  base: Base,
  receiver: Receiver,
  options: RunOptions = {},
): Promise<{ ours: Ended; control: Ended }> {
  const [ours, control] = await Promise.all([
    runApp({ url: receiver.url, ...base, ours: true }, options),
    runApp({ url: receiver.url, ...base, ours: false }, options),
  ]);
  return { ours, control };
}

export interface Receiver {
  readonly url: string;
  readonly texts: string[];
  readonly requests: IncomingMessage[];
  readonly server: Server;
  close(): Promise<void>;
}

export type Answer = (response: ServerResponse, index: number) => void;

/** Keeps each line of each body; answers 204 unless told otherwise. */
export async function startReceiver(
  answer: Answer = (response) => response.writeHead(204).end(),
  create: (listener: RequestListener) => Server = createServer,
): Promise<Receiver> {
  const texts: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = create((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const zipped = request.headers['content-encoding'] === 'gzip';
      texts.push(...String(zipped ? gunzipSync(body) : body).split('\n'));
      answer(response, requests.push(request) - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/logs`,
    texts,
    requests,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function recordsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `record ${index}`);
}
