import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { type Inbox, startInbox } from 'otlp-inbox';
import { innocentFields, innocentTexts } from '../redaction/innocents.ts';
import { planted } from '../redaction/planted.ts';
import { bareEnvironment, type Ended, runProgram, temporaryFolder } from './program.ts';

interface Run {
  readonly inbox: Inbox;
  readonly ended: Ended;
  readonly folder: string;
}

async function run(
  t: TestContext,
  more: Readonly<Record<string, string>>,
  program = 'secrets.ts',
): Promise<Run> {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const env = {
    ...bareEnvironment(folder),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    ...more,
  };
  const ended = await runProgram(t, program, { env });
  assert.equal(ended.code, 0, ended.stderr);
  return { inbox, ended, folder };
}

/** Every text in which a secret might be found, each with the name of its place. */
function outputs({ inbox, ended, folder }: Run): [place: string, text: string][] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    ...inbox.records.flatMap(({ bytes, record }, i): [string, string][] => [
      [`record ${i}`, Buffer.from(bytes).toString('latin1')],
      [`record ${i}, decoded`, JSON.stringify(record, numbersOfBigints)],
    ]),
    ['standard output', ended.stdout],
    ['standard error', ended.stderr],
    ...files.map((path): [string, string] => [path, readFileSync(path, 'latin1')]),
  ];
}

function numbersOfBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function placesOf(secret: string, texts: readonly [string, string][]): string[] {
  // Bytes are shown in base64, where three bytes are four characters.
  const traces = [secret, Buffer.from(secret).toString('base64').slice(0, -4)];
  return texts
    .filter(([, text]) => traces.some((trace) => text.includes(trace)))
    .map(([place]) => place);
}

it('100 planted secrets are found in no record, no file and no output; 50 innocents arrive as they were logged', async (t) => {
  const done = await run(t, { LOG_CONSOLE: 'json' });
  assert.ok(planted.length >= 100);
  const texts = outputs(done);
  const found = planted.flatMap(({ name, secret }) =>
    placesOf(secret, texts).map((place) => `${name}: ${place}`),
  );
  assert.deepEqual(found, []);

  const { accepted, delivered, redacted } = JSON.parse(
    done.ended.stdout.trim().split('\n').pop() ?? '',
  );
  assert.deepEqual([delivered, done.inbox.records.length], [accepted, accepted]);
  for (const rule of ['secret_key', 'assignment', 'url_credentials', 'grafana_token', 'jwt']) {
    assert.ok(redacted[rule] > 0, rule);
  }

  assert.ok(innocentFields.length >= 50);
  const records = done.inbox.records.map(({ record }) => record);
  for (const [i, fields] of innocentFields.entries()) {
    const record = records.find(({ attributes }) => attributes.innocent === i);
    assert.deepEqual(record?.attributes, { innocent: i, fields, ...fields });
  }
  for (const [i, text] of innocentTexts.entries()) {
    const record = records.find(({ attributes }) => attributes.innocentText === i);
    assert.deepEqual([record?.body, record?.attributes.note], [text, text]);
  }
});

it('secrets are found when redaction is off, and so would be one that passes', async (t) => {
  const texts = outputs(await run(t, { LOG_CONSOLE: 'json', REDACTION: 'off' }));
  const found = planted.filter(({ secret }) => placesOf(secret, texts).length > 0);
  assert.deepEqual(
    planted.filter((each) => !found.includes(each)).map(({ name }) => name),
    [],
  );
});

it('secrets do not pass through the upstream parts of the reference pipeline either', async (t) => {
  const protocol = {
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_BLRP_SCHEDULE_DELAY: '10',
  };
  const done = await run(t, { LOG_CONSOLE: 'off', ...protocol });
  const texts = outputs(done);
  assert.ok(done.inbox.records.length > 100);
  const found = planted.flatMap(({ name, secret }) =>
    placesOf(secret, texts).map((place) => `${name}: ${place}`),
  );
  // Upstream takes the argument of a call for an exception's message, where nothing tells what it is.
  assert.deepEqual(
    found.filter((each) => !/^(?:a template with %s|an argument behind its name):/.test(each)),
    [],
  );
});

it('other transports of an adopted logger see the original; own rules act', async (t) => {
  const { inbox, ended } = await run(t, {}, 'secret-beside.ts');
  const original = { password: 'hunter2', plan: 'B', req: { body: { x: 1 } }, note: 'see ZX-17' };
  const { fields, redacted, seen } = JSON.parse(ended.stdout);
  assert.deepEqual(fields, original);
  assert.deepEqual(seen, [{ ...original, level: 'info', message: 'Bearer abc123def456' }]);
  const mark = '[redacted]';
  const [stored] = inbox.records;
  assert.equal(stored?.record.body, mark);
  const clean = { password: mark, plan: mark, req: { body: { x: mark } }, note: `see ${mark}` };
  assert.deepEqual(stored?.record.attributes, clean);
  const counts = { authorization: 1, secret_key: 1, own_key: 1, path: 1, pattern: 1 };
  assert.deepEqual(redacted, counts);
});
