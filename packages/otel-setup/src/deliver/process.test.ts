// What delivery does to a process: it never holds one that has nothing else to do.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { collecting, listen } from './sockets.test.ts';

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** From `release` to the end. */
  readonly tookMs: number;
}

interface Scene {
  readonly url: string;
  readonly proxy?: string;
  /** Has `send()` at hand. Only its standard input holds it, until `release`. */
  readonly program: string;
  readonly release: Promise<void>;
}

async function run(scene: Scene): Promise<Ended> {
  const source = `
    import dns from 'node:dns';
    import fs from 'node:fs';
    import { createSender } from ${JSON.stringify(new URL('./sender.ts', import.meta.url).href)};
    const clock = { now: Date.now, monotonic: () => performance.now(), setTimeout, clearTimeout };
    const sender = createSender({
      endpoint: { url: ${JSON.stringify(scene.url)}, headers: {} },
      timeoutMs: 10_000, compression: 'gzip', proxy: { http: ${JSON.stringify(scene.proxy)} },
      lookup: dns.lookup, isForbiddenAddress: () => false, isExposedAddress: () => false, fs, userAgent: 'x', clock,
      quietly: (run) => run(), notice: () => undefined,
    });
    const send = () => sender.send(Buffer.alloc(2000), new AbortController().signal);
    process.stdin.resume();
    ${scene.program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    timeout: 15_000,
  });
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk;
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  await Promise.race([scene.release, closed]);
  const releasedMs = performance.now();
  child.stdin.end();
  const code = await closed;
  return { code, output, tookMs: performance.now() - releasedMs };
}

interface Signal {
  readonly fired: Promise<void>;
  readonly fire: () => void;
}

function createSignal(): Signal {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fired, fire };
}

test('an idle connection does not hold the process, nor is fetch changed', async (t) => {
  const { fired, fire } = createSignal();
  const server = http.createServer(collecting([]));
  const { port, sockets } = await listen(t, server);
  server.on('request', (_request, response) => response.on('close', fire));
  const program = `
    const { status } = await send();
    console.log(status, Symbol.for('undici.globalDispatcher.1') in globalThis);`;
  const ended = await run({ url: `http://localhost:${port}/`, program, release: fired });
  assert.deepEqual([ended.code, ended.output.trim()], [0, '204 false']);
  assert.ok(ended.tookMs < 1000, `${ended.tookMs} ms`);
  assert.equal(sockets.length, 1);
});

const scenes = [
  { name: 'a request in flight', scheme: 'http', isProxied: false },
  { name: 'a stalled handshake', scheme: 'https', isProxied: false },
  { name: 'a proxy that hangs', scheme: 'http', isProxied: true },
];
for (const { name, scheme, isProxied } of scenes) {
  test(`${name} does not hold the process`, async (t) => {
    const { fired, fire } = createSignal();
    const server = net.createServer((socket) => {
      socket.once('data', fire);
    });
    const { port } = await listen(t, server);
    const here = `127.0.0.1:${port}`;
    const where = isProxied
      ? { url: `${scheme}://gateway.example/`, proxy: `http://${here}` }
      : { url: `${scheme}://${here}/` };
    const ended = await run({ ...where, program: 'void send();', release: fired });
    assert.deepEqual([ended.code, ended.output], [0, '']);
    assert.ok(ended.tookMs < 1000, `${ended.tookMs} ms`);
  });
}
