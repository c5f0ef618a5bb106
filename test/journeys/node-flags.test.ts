import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, type Ended, runProgram, temporaryFolder } from './program.ts';

const mayRead = ['--permission', '--allow-fs-read=*'];
const hasNet = process.allowedNodeEnvironmentFlags.has('--allow-net');

async function runWith(t: TestContext, nodeArgs: readonly string[]): Promise<Ended> {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
  const ended = await runProgram(t, 'once.cjs', { env, nodeArgs });
  assert.equal(ended.code, 0, ended.stderr);
  const stats = JSON.parse(ended.stdout.slice(ended.stdout.lastIndexOf('{')));
  assert.equal(stats.accepted, 1);
  assert.equal(inbox.records.length, stats.delivered);
  assert.equal(stats.delivered + stats.pending, 1);
  return ended;
}

test('without WebAssembly (--jitless) records are kept, and the notice names the flag', async (t) => {
  const { stderr } = await runWith(t, ['--jitless']);
  assert.match(stderr, /Start Node without --jitless/);
  assert.match(stderr, /1 pending in /);
});

test('where --permission lets nothing be written the notice names the flags', async (t) => {
  const { stderr, stdout } = await runWith(t, mayRead);
  assert.match(stderr, /The spool needs --allow-fs-read and --allow-fs-write/);
  assert.doesNotMatch(stderr, /Name a directory/);
  assert.match(stdout, hasNet ? /"pending":1/ : /"delivered":1/);
});

test('where --permission lets nothing out the notice names the flag', {
  skip: !hasNet,
}, async (t) => {
  const { stderr } = await runWith(t, [...mayRead, '--allow-fs-write=*']);
  assert.match(
    stderr,
    /without --allow-net \(ERR_ACCESS_DENIED\)\)\. Start Node with --allow-net\./,
  );
});

test('init() works in a directory that was removed, without a main file', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const gone = join(folder, 'gone');
  mkdirSync(gone);
  const library = createRequire(import.meta.url).resolve('otel-setup');
  const script = `require(${JSON.stringify(library)}).init().logger.info('from nowhere')`;
  const ended = await runProgram(t, 'once.cjs', {
    env: { ...bareEnvironment(folder), ALLOY_OTLP_ENDPOINT: inbox.url, SCRIPT: script },
    cwd: gone,
    // The shell drops what stands behind: no file is named.
    command: ['/bin/sh', '-c', 'rmdir "$PWD" && exec "$0" -e "$SCRIPT"'],
  });
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(
    inbox.records.map(({ record }) => record.body),
    ['from nowhere'],
  );
});
