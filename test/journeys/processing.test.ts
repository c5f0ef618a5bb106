import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Inbox, startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

interface Stats {
  readonly accepted: number;
  readonly delivered: number;
  readonly processed: Readonly<Record<string, number>>;
}

async function run(t: TestContext, { args = [], json }: { args?: string[]; json?: string }) {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const file = join(folder, 'rules.json');
  if (json !== undefined) writeFileSync(file, json);
  const env = {
    ...bareEnvironment(folder),
    LOG_ROUTE: 'alloy',
    LOG_CONSOLE: 'off',
    OTEL_LOG_LEVEL: 'debug',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    ...(json === undefined ? {} : { LOG_PROCESSING: file }),
  };
  const ended = await runProgram(t, 'rules.ts', { env, args });
  assert.equal(ended.code, 0, ended.stderr);
  return { inbox, stats: JSON.parse(ended.stdout) as Stats, said: ended.stderr };
}

const linesOf = ({ records }: Inbox) => records.map(({ record }) => record.body);
const namesOf = ({ records }: Inbox) =>
  new Set(records.flatMap(({ record }) => Object.keys(record.attributes)));

describe('processing rules', () => {
  it('in code act once on every record, however it comes; what they take out is counted by rule', async (t) => {
    const { inbox, stats, said } = await run(t, { args: ['code'] });
    assert.deepEqual(stats.processed, { heartbeats: 100, 'sample-2': 75 });
    assert.equal(stats.accepted, 225);
    assert.equal(stats.delivered, stats.accepted);
    assert.equal(inbox.records.length, stats.accepted);
    assert.match(said, /take records out, the first was "sample-2".*OTEL_SETUP_PROCESSED/);
    const names = namesOf(inbox);
    assert.deepEqual(
      ['customer', 'team', 'user', 'noise'].map((name) => names.has(name)),
      [true, true, false, false],
    );
  });

  it('in a file do the same', async (t) => {
    const json = JSON.stringify({
      rules: [{ drop: { level: { below: 'error' } } }, { remove: ['noise', 'user'] }],
    });
    const { inbox, stats } = await run(t, { json });
    assert.deepEqual(stats.processed, { 'drop-1': 200 });
    assert.deepEqual(new Set(linesOf(inbox)), new Set(['an error', 'from a child']));
    assert.equal(namesOf(inbox).has('noise'), false);
  });

  it('in a file that is wrong take nothing out, and one notice says what to mend', async (t) => {
    const { stats, said } = await run(t, { json: '{"rules": [{"drop": {"lvl": "info"}}]}' });
    assert.equal(stats.accepted, 400);
    assert.deepEqual(stats.processed, {});
    assert.match(said, /rules\[0\]\.drop has the unknown field "lvl".*No rule acts/);
  });
});
