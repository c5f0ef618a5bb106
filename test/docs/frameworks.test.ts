// Each complete file of docs/frameworks is started, is sent an order and a bad one, and its records arrive.

import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { transformSync } from 'esbuild';
import { type StoredRecord, startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, startProgram, temporaryFolder } from '../journeys/program.ts';
import { readPage, root } from './page.ts';

const folder = '../../docs/frameworks';

async function recordsOf(t: TestContext, program: string): Promise<readonly StoredRecord[]> {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_CONSOLE: 'json',
  };
  const { child, ended, said } = startProgram(t, program, { env, args: ['0'] });
  let stdout = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  await said('"port":');
  const port = /"port":"?(\d+)/.exec(stdout)?.[1];
  assert.equal(await order(port, 7), 201, stdout);
  assert.equal(await order(port, 13), 500);
  child.kill('SIGTERM');
  await ended;
  return inbox.records;
}

async function order(port: string | undefined, orderId: number): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${port}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r1' },
    body: JSON.stringify({ orderId }),
  });
  return status;
}

function saying(records: readonly StoredRecord[], body: string): StoredRecord['record'] {
  const found = records.find(({ record }) => record.body === body);
  assert.ok(found, `"${body}" is not among ${records.map(({ record }) => record.body)}`);
  return found.record;
}

/** What every service says, whatever it is written with. */
function assertOrders(records: readonly StoredRecord[], failure: string): void {
  const placed = saying(records, 'order placed');
  assert.equal(placed.attributes.orderId, 7);
  assert.equal(placed.severityNumber, 9);
  const failed = saying(records, failure);
  assert.equal(failed.severityNumber, 17);
  assert.equal(failed.attributes['exception.type'], 'RangeError');
  assert.equal(failed.attributes['exception.message'], 'no order has this number');
  assert.match(String(failed.attributes['exception.stacktrace']), /RangeError.*\n +at /);
}

/** The program's path, within the repository, so that the packages it imports are found. */
function programOf(t: TestContext, name: string, code: string): string {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const path = join(mkdtempSync(join(cache, 'frameworks-')), name);
  t.after(() => rmSync(dirname(path), { recursive: true }));
  writeFileSync(path, code);
  return relative(join(root, 'test/programs'), path);
}

describe('the complete files of docs/frameworks', { concurrency: true }, () => {
  it('Express: each record of a request has its id', async (t) => {
    const records = await recordsOf(t, `${folder}/express.ts`);
    assertOrders(records, 'request failed');
    const served = saying(records, 'request served').attributes;
    assert.deepEqual([served.method, served.path, served.status], ['POST', '/orders', 201]);
    for (const { record } of records.filter(({ record }) => record.body !== 'listening')) {
      assert.equal(record.attributes.requestId, 'r1', String(record.body));
    }
  });

  it('Fastify: request.log and what Fastify says by itself', async (t) => {
    const records = await recordsOf(t, `${folder}/fastify.ts`);
    assertOrders(records, 'no order has this number');
    const { attributes } = saying(records, 'incoming request');
    assert.deepEqual(attributes.req, { method: 'POST', url: '/orders' });
    assert.equal(attributes.reqId, 'req-1');
    assert.equal(saying(records, 'order placed').attributes.reqId, 'req-1');
  });

  it("Fastify's fatal() and trace() keep their severity", async (t) => {
    const file = readFileSync(join(root, 'docs/frameworks/fastify.ts'), 'utf8');
    const [before = ''] = file.split('const app = Fastify(');
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
    const calls = [
      "logger.level = 'trace';",
      'const log = forFastify(logger);',
      "log.fatal({ orderId: 7 }, 'gone');",
      "log.trace('looked up');",
      "log.fatal(new RangeError('no order has this number'));",
      'void Fastify;',
    ];
    const code = [before, ...calls].join('\n');
    const program = programOf(t, 'calls.mjs', transformSync(code, { loader: 'ts' }).code);
    const { stderr } = await runProgram(t, program, { env });
    assert.equal(inbox.records.length, 3, stderr);
    const gone = saying(inbox.records, 'gone');
    assert.deepEqual([gone.severityNumber, gone.attributes.orderId], [21, 7]);
    assert.equal(saying(inbox.records, 'looked up').severityNumber, 1);
    const failed = saying(inbox.records, 'no order has this number');
    assert.equal(failed.severityNumber, 21);
    assert.equal(failed.attributes['exception.type'], 'RangeError');
  });

  it('NestJS: its Logger, its own words, and an exception nobody caught', async (t) => {
    // Node strips types, and does not know decorators; Nest's own compiler turns them as this does.
    const { code } = transformSync(readFileSync(join(root, 'docs/frameworks/nestjs.ts'), 'utf8'), {
      loader: 'ts',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    const records = await recordsOf(t, programOf(t, 'main.mjs', code));
    assertOrders(records, 'no order has this number');
    const placed = saying(records, 'order placed').attributes;
    assert.deepEqual([placed.context, placed.requestId], ['Orders', 'r1']);
    assert.equal(saying(records, 'no order has this number').attributes.requestId, 'r1');
    const started = saying(records, 'Nest application successfully started');
    assert.equal(started.attributes.context, 'NestApplication');
  });

  it('pino: its records come through the instrumentation', async (t) => {
    const records = await recordsOf(t, `${folder}/pino.cjs`);
    assertOrders(records, 'request failed');
  });

  it('pino, imported: its records come through the instrumentation and its hook', async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
    const nodeArgs = ['--import', join(root, 'docs/frameworks/telemetry.mjs')];
    const { stderr } = await runProgram(t, 'pino-imported.ts', { env, nodeArgs });
    assert.equal(inbox.records.length, 1, stderr);
    assert.equal(saying(inbox.records, 'order placed').attributes.orderId, 7);
  });

  it('Next.js: register() starts the pipeline, onRequestError() logs', async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const { NEXT_RUNTIME, ...env } = {
      ...bareEnvironment(temporaryFolder(t)),
      ALLOY_OTLP_ENDPOINT: inbox.url,
      NEXT_RUNTIME: 'nodejs',
    };
    const program = '../programs/as-next.ts';
    const node = startProgram(t, program, { env: { ...env, NEXT_RUNTIME } });
    const edge = startProgram(t, program, { env: { ...env, NEXT_RUNTIME: 'edge' } });
    const ended = await Promise.all([node.ended, edge.ended]);
    assert.deepEqual(
      ended.map(({ code, stderr }) => [code, /OTEL_SETUP_STARTED/.test(stderr)]),
      [
        [0, true],
        [0, false],
      ],
      ended[0].stderr,
    );
    assert.equal(inbox.records.length, 1);
    const { attributes } = saying(inbox.records, 'request failed');
    assert.equal(attributes['exception.type'], 'RangeError');
    assert.equal(attributes.route, '/orders/[id]');
  });
});

it('the page about frameworks shows what its files hold', () => {
  const page = readPage(
    'docs/frameworks.md',
    readFileSync(join(root, 'docs/frameworks.md'), 'utf8'),
  );
  const files = globSync('docs/frameworks/*', { cwd: root });
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const code = page.blocks.filter(({ language }) => /^(?:ts|js|cjs)$/.test(language));
  // Two blocks are the reader's own files: a route handler and next.config.ts.
  const shown = code.filter(({ text }) => !/POST|nextConfig/.test(text));
  assert.ok(shown.length >= 5, `${shown.length}`);
  for (const { text } of shown) assert.ok(sources.includes(text), text);
});
