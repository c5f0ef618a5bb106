import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, startProgram, temporaryFolder } from './program.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'request-context.md'), 'utf8');
const examples = '../../docs/request-context';

const shared = ['requestId', 'user', 'step', 'tenant.id', 'secret'];

function pick(from: Readonly<Record<string, unknown>>): object {
  const entries = shared.filter((key) => key in from).map((key) => [key, from[key]]);
  return Object.fromEntries(entries);
}

async function inboxFor(t: TestContext, more: Record<string, string>) {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const env = {
    ...bareEnvironment(folder),
    LOG_FOLDER: folder,
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    ...more,
  };
  return { inbox, env, folder };
}

it('the fields of a request are in each of its records, and in no other', async (t) => {
  const { inbox, env, folder } = await inboxFor(t, { LOG_CONSOLE: 'json' });
  const ended = await runProgram(t, 'log-context.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const wrong = inbox.records.flatMap(({ record: { body, attributes } }) => {
    const { step, ...own } = pick(attributes) as { step?: unknown };
    const found = step === undefined || step === 'own' ? own : { ...own, step };
    return JSON.stringify(found) === attributes.want ? [] : [[body, attributes]];
  });
  assert.deepEqual(wrong, []);
  assert.equal(inbox.records.length, 2 * (1 + 3 * 5 + 50 * 10 + 1 + 3));

  const secrets = inbox.records.map(({ record }) => record.attributes.password ?? '');
  assert.deepEqual(secrets.filter(String), ['[redacted]', '[redacted]']);

  const printed = ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(printed.length, 2 * (1 + 5 + 2));
  assert.deepEqual(
    printed.filter((line) => JSON.stringify(pick(line)) !== line.want && line.step !== 'own'),
    [],
  );
  const written = readFileSync(join(folder, 'true.log'), 'utf8').trimEnd().split('\n');
  const seen = written.map((line) => pick(JSON.parse(line)));
  assert.deepEqual(
    seen.filter((fields) => Object.keys(fields).some((key) => key !== 'step')),
    [],
  );
});

describe('the page about request context', () => {
  it('shows what its examples hold', () => {
    const files = globSync('request-context/*.ts', { cwd: docs });
    const sources = files.map((file) => readFileSync(join(docs, file), 'utf8'));
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
    assert.ok(blocks.length >= 5);
    for (const block of blocks) {
      assert.ok(
        sources.some((source) => source.includes(block)),
        block,
      );
    }
  });

  it('shows what its first example prints', async (t) => {
    const env = { ...bareEnvironment(temporaryFolder(t)), LOG_CONSOLE: 'pretty' };
    const { stdout, stderr } = await runProgram(t, `${examples}/basics.ts`, { env });
    assert.equal(stderr, '');
    const [, shown = ''] = /```\n(\d\d:\d\d[\s\S]*?)```/.exec(page) ?? [];
    const withoutTime = (text: string) => text.replace(/^[\d:.]{12} /gm, '');
    assert.equal(withoutTime(stdout), withoutTime(shown));
  });
});

describe("a web framework's service, with forty requests at once,", { concurrency: true }, () => {
  for (const name of ['express', 'fastify', 'koa', 'hono']) {
    it(`has each request's id in its records (${name})`, async (t) => {
      const { inbox, env } = await inboxFor(t, { LOG_CONSOLE: 'json' });
      const { child, ended, said } = startProgram(t, `${examples}/${name}.ts`, {
        env,
        args: ['0'],
      });
      let stdout = '';
      child.stdout?.on('data', (text) => {
        stdout += text;
      });
      await said('"port":');
      const port = /"port":(\d+)/.exec(stdout)?.[1];
      const orders = Array.from({ length: 40 }, (_, orderId) => orderId);
      const answers = await Promise.all(orders.map((orderId) => order(port, orderId)));
      assert.deepEqual(new Set(answers), new Set([201]));
      child.kill('SIGTERM');
      await ended;
      const placed = inbox.records.filter(({ record }) => record.body === 'order placed');
      const found = placed.map(({ record: { attributes } }) => [
        attributes.orderId,
        attributes.requestId,
      ]);
      assert.deepEqual(
        found.sort(([a], [b]) => Number(a) - Number(b)),
        orders.map((orderId) => [orderId, `r${orderId}`]),
      );
    });
  }
});

async function order(port: string | undefined, orderId: number): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${port}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': `r${orderId}` },
    body: JSON.stringify({ orderId }),
  });
  return status;
}
