import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nowNs, plainRequest } from './fixtures/otlp-json.ts';
import { post } from './fixtures/post.ts';

const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
/** Of util-linux: runs a command in a terminal of its own. */
const typescript = 'script';
const env = { ...process.env, NO_COLOR: '', FORCE_COLOR: '' };

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** The next line of standard output, of standard error. */
  readonly out: () => Promise<string>;
  readonly err: () => Promise<string>;
}

function linesOf(stream: Readable | null): () => Promise<string> {
  assert.ok(stream);
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done === true ? '' : next.value;
  };
}

async function start(t: TestContext, args: readonly string[], more = {}): Promise<Running> {
  const child = spawn(process.execPath, [cli, '--port', '0', ...args], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const err = linesOf(child.stderr);
  const greeting = await err();
  const url = /^Listening on (\S+) /.exec(greeting)?.[1] ?? assert.fail(greeting);
  return { child, url, out: linesOf(child.stdout), err };
}

function run(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
}

const request = (...bodies: string[]) => plainRequest(bodies, nowNs());

test('the command shows a line a record and ends on a signal with a count', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, url, out, err } = await start(t, []);
    await post({ url }, request('first\nsecond', 'error: third'));
    assert.match(await out(), /^\d\d:\d\d:\d\d\.\d{3} - {5}shop first\\nsecond$/);
    assert.match(await out(), /ERROR shop error: third$/);
    const exit = once(child, 'exit');
    child.kill(signal);
    assert.deepEqual(await exit, [0, null]);
    assert.equal(
      await err(),
      '2 records stored from 1 requests; 0 repeats dropped, 0 records rejected.',
    );
  }
});

test('--json prints objects, and nothing else, on standard output', async (t) => {
  const { url, out } = await start(t, ['--json']);
  await post({ url }, request('a'));
  const { line, labels, record } = JSON.parse(await out());
  assert.deepEqual([line, labels.service_name, record.body], ['a', 'shop', 'a']);
});

test('whoever closes standard error still gets the records', async (t) => {
  const { child, url, out } = await start(t, ['--json']);
  child.stderr?.destroy();
  await once(child.stderr as Readable, 'close');
  for (const path of ['/nowhere', '/nowhere', '/nowhere']) await fetch(`${url}${path}`);
  await post({ url }, request('still here'));
  assert.equal(JSON.parse(await out()).line, 'still here');
  assert.equal(child.exitCode, null);
});

const full = process.platform === 'linux' ? false : 'only Linux has /dev/full';

test('a full disk behind standard output is one line and exit code 1', {
  skip: full,
}, async (t) => {
  const child = spawn(process.execPath, [cli, '--port', '0', '--json'], {
    env,
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const err = linesOf(child.stderr);
  const url = /^Listening on (\S+) /.exec(await err())?.[1] ?? '';
  await post({ url }, request('a', 'b')).catch(() => undefined);
  assert.match(await err(), /^otlp-inbox: standard output cannot be written: ENOSPC/);
  assert.match(await err(), /^2 records stored from 1 requests/);
  assert.deepEqual(await closed, [1, null]);
});

test('a journal that cannot be written is one line and exit code 1, at the start and later', {
  skip: full,
}, async (t) => {
  const missing = run('--port', '0', '--journal', '/dev/null/journal');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^otlp-inbox: the journal \/dev\/null\/journal cannot.*file\.\n$/);
  const { child, url, err } = await start(t, ['--journal', '/dev/full']);
  const closed = once(child, 'close');
  await assert.rejects(post({ url }, request('a')), 'no answer says that it is in the journal');
  assert.match(await err(), /^otlp-inbox: the journal \/dev\/full cannot be written: ENOSPC.*\.$/);
  assert.match(await err(), /^1 records stored from 1 requests/);
  assert.equal(await err(), '');
  assert.deepEqual(await closed, [1, null]);
});

test('a reader that goes away ends the command quietly', async (t) => {
  const { child, url, out, err } = await start(t, ['--json']);
  await post({ url }, request('a'));
  await out();
  child.stdout?.destroy();
  const exit = once(child, 'exit');
  // The first write after the end of the pipe may still succeed; one of these does not.
  for (let count = 0; count < 50 && child.exitCode === null; count++) {
    await post({ url }, request(`line ${count}`)).catch(() => undefined);
  }
  assert.deepEqual(await exit, [0, null]);
  assert.match(await err(), /records stored/);
});

test('refused requests and faults are told on standard error', async (t) => {
  const { url, err } = await start(t, ['--fault', '429:slow down', '--auth', 'u:p']);
  await post({ url }, request('a'));
  assert.equal(await err(), '! POST /v1/logs: 429, fault status, slow down');
});

test('--metadata shows labels and metadata beneath', async (t) => {
  const { url, out } = await start(t, ['--metadata']);
  await post({ url }, request('a'));
  await out();
  assert.equal(await out(), '    label    service_name = shop');
  assert.equal(await out(), '    metadata detected_level = unknown');
});

test('colour is for terminals, or when it is forced', async (t) => {
  const forced = await start(t, [], { FORCE_COLOR: '1' });
  await post(forced, request('a'));
  assert.ok((await forced.out()).includes('\u001b['));
  const piped = await start(t, []);
  await post(piped, request('a'));
  assert.ok(!(await piped.out()).includes('\u001b['));
});

test('help prints to standard output; a wrong call exits 2 and says why', () => {
  const help = run('--help');
  assert.deepEqual([help.status, help.stderr], [0, '']);
  assert.match(help.stdout, /^otlp-inbox: receives OTLP/);
  const wrong = run('--port', 'x');
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /^otlp-inbox: --port takes a whole number/);
});

test('a port that is taken is told with the way out', async (t) => {
  const { url } = await start(t, []);
  const second = run('--port', new URL(url).port);
  assert.equal(second.status, 1);
  assert.match(
    second.stderr,
    /EADDRINUSE.* Another program listens there; choose another --port\./,
  );
});

test('in a terminal m toggles the metadata and q ends', async (t) => {
  const shell = [process.execPath, cli, '--port', '0'].join(' ');
  if (spawnSync(typescript, ['--version']).status !== 0) return t.skip('needs script(1)');
  const child = spawn(typescript, ['-qec', shell, '/dev/null'], { env });
  t.after(() => child.kill('SIGKILL'));
  const next = linesOf(child.stdout);
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const line = await next();
      if (pattern.test(line) || line === '') return line;
    }
  };
  const url =
    /Listening on (\S+) /.exec(await until(/Listening/))?.[1] ?? assert.fail('no greeting');
  await until(/m shows or hides metadata/);
  await post({ url }, request('plain'));
  assert.ok((await until(/plain/)).includes('\u001b['));
  child.stdin.write('m');
  await until(/metadata on/);
  await post({ url }, request('wide'));
  await until(/wide/);
  assert.match(await until(/service_name/), /label {3}.* service_name = shop/);
  child.stdin.write('q');
  assert.match(await until(/records stored/), /^2 records stored from 2 requests/);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('on a Node that is too old the command says so, without a stack', () => {
  const bin = fileURLToPath(new URL('../bin/otlp-inbox.js', import.meta.url));
  const old = "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })";
  const preload = `data:text/javascript,${encodeURIComponent(old)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, bin, '--help'], {
    encoding: 'utf8',
  });
  assert.equal(stderr, 'otlp-inbox: Node 20.20.2 is too old. Use Node 22.15.0 or newer.\n');
  assert.equal(status, 1);
});

test('a client that speaks gRPC is told of once, however often it tries', async (t) => {
  const { child, url, err } = await start(t, []);
  for (let tries = 0; tries < 3; tries += 1) {
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    client.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await once(client, 'data');
    client.destroy();
  }
  assert.match(await err(), /^otlp-inbox: a client speaks gRPC /);
  child.kill('SIGTERM');
  assert.match(await err(), /^0 records stored/);
});
