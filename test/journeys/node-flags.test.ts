import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

for (const [how, start] of [
  ['as a folder', 'app'],
  ['by a link', 'bin/app'],
] as const) {
  test(`an application that is started ${how} is found where it lies`, async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const folder = temporaryFolder(t);
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const library = createRequire(import.meta.url).resolve('otel-setup');
    write('package.json', '{"name": "around-it"}');
    write('app/package.json', '{"name": "the-app"}');
    write('app/index.js', `require(${JSON.stringify(library)}).init().logger.info('from there')`);
    const api = 'app/node_modules/@opentelemetry/api';
    write(`${api}/package.json`, '{"name": "@opentelemetry/api", "version": "1.9.0"}');
    write(`${api}/index.js`, '');
    mkdirSync(join(folder, 'bin'));
    symlinkSync('../app/index.js', join(folder, 'bin/app'));
    const { stderr } = await runProgram(t, 'once.cjs', {
      env: { ...bareEnvironment(folder), ALLOY_OTLP_ENDPOINT: inbox.url, START: start },
      cwd: folder,
      command: ['/bin/sh', '-c', 'exec "$0" "$START"'],
    });
    assert.equal(inbox.records[0]?.resource.attributes['service.name'], 'the-app', stderr);
    assert.match(stderr, /The application uses @opentelemetry\/api 1\.9\.0/);
  });
}
