import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

it('hostile values arrive as records, and cost none of their neighbours', async (t) => {
  const inbox = await startInbox({ port: 0, maxBytes: 256 * 1024 * 1024 });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_CONSOLE: 'json',
  };
  const ended = await runProgram(t, 'hostile.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const { values, polluted, stats } = JSON.parse(ended.stdout.trim().split('\n').pop() ?? '{}');
  assert.equal(polluted, undefined);
  assert.deepEqual([stats.accepted, stats.delivered, stats.dropped], [values * 5, values * 5, {}]);
  assert.deepEqual(
    inbox.requests.filter(({ status }) => status !== 200 && status !== 204),
    [],
  );
  for (let id = 0; id < values; id++) {
    const found = inbox.records.filter(({ record }) => record.attributes.id === id);
    assert.deepEqual(
      found.map(({ line }) => line).filter((line) => line === 'before' || line === 'after'),
      ['before', 'after'],
    );
  }
});
