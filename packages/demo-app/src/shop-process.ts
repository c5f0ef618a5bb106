// Starts the shop as a process of its own, with real spans, and ends it as a platform would.

import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Stats } from 'otel-setup';

export type Ledger = Pick<Stats, 'route' | 'accepted' | 'delivered' | 'pending' | 'dropped'>;

export interface ShopEnd {
  /** What the shop's `stats()` said at its very end; undefined when it did not get that far. */
  readonly ledger: Ledger | undefined;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ShopProcess {
  readonly url: string;
  readonly ended: Promise<ShopEnd>;
  /** SIGTERM; after 15 seconds SIGKILL. */
  stop(): Promise<ShopEnd>;
}

type Message = { type: 'listening'; url: string } | { type: 'ledger'; ledger: Ledger };

const startTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;

/** `console`: whether the shop's own console is shown. Its notices, on stderr, always are. */
export async function startShop(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly console: boolean;
}): Promise<ShopProcess> {
  const [tracing, shop] = [sibling('tracing'), sibling('shop-child')];
  const child = spawn(process.execPath, ['--import', tracing.href, fileURLToPath(shop)], {
    env: options.env,
    stdio: ['pipe', options.console ? 'inherit' : 'ignore', 'inherit', 'pipe'],
    // Its own process group: a Ctrl-C in the terminal is for us, who stop the traffic first.
    detached: process.platform !== 'win32',
  });
  let ledger: Ledger | undefined;
  let opened: (url: string) => void;
  const url = new Promise<string>((resolve) => {
    opened = resolve;
  });
  const told = readMessages(child.stdio[3] as Readable, (message) => {
    if (message.type === 'listening') opened(message.url);
    else ledger = message.ledger;
  });
  const ended = new Promise<ShopEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', async (code, signal) => {
      await told;
      resolve({ ledger, code, signal });
    });
  });

  function stop(): Promise<ShopEnd> {
    if (process.platform === 'win32') child.stdin?.end();
    else child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    return ended.finally(() => clearTimeout(timer));
  }

  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  const tooEarly = ended.then(({ code, signal }): never => {
    throw new Error(`The shop ended before it was open (${signal ?? `exit code ${code}`}).`);
  });
  const openUrl = await Promise.race([url, tooEarly]).finally(() => clearTimeout(timer));
  tooEarly.catch(() => {
    // It was open in time: its end is told by `ended`.
  });
  return { url: openUrl, ended, stop };
}

/** A file beside this one, built or as source. */
function sibling(name: string): URL {
  return new URL(`${name}${extname(import.meta.url)}`, import.meta.url);
}

async function readMessages(stream: Readable, handle: (message: Message) => void): Promise<void> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = `${text}${chunk}`.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) handle(JSON.parse(line) as Message);
  }
}
