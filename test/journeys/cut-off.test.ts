import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stats } from 'otel-setup';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

for (const [way, durability, start] of [
  ['the end of the stack', 'record', 'as the first one'],
  ['the end of the stack', 'record', 'later'],
  ['the end of the stack', 'memory', 'later'],
  ['a timeout of node:vm', 'record', 'later'],
  ['a timeout of node:vm', 'memory', 'later'],
] as const) {
  test(`a call that ${way} cuts off, ${start}, with ${durability}: no other record is lost, and the counts are exact`, async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = {
      ...bareEnvironment(temporaryFolder(t)),
      ALLOY_OTLP_ENDPOINT: inbox.url,
      LOG_CONSOLE: 'off',
      LOG_DURABILITY: durability,
    };
    const ended = await runProgram(t, 'cut-off.ts', { env, args: [way, start] });
    assert.equal(ended.code, 0, ended.stderr);
    const stats = JSON.parse(ended.stdout) as Stats;
    const { memory_cap: noRoom = 0, ...otherwise } = stats.dropped;
    assert.deepEqual(otherwise, {});
    assert.equal(stats.pending, 0, ended.stdout);
    assert.equal(stats.accepted, stats.delivered + noRoom);
    // Of all, and not of those that the inbox still holds: a quick machine logs more than that.
    assert.equal(inbox.totals.stored, stats.delivered);
    assert.equal(inbox.records.at(-1)?.record.body, 'last');
    assert.equal(stats.spool.mode, durability, ended.stderr);
    assert.doesNotMatch(
      ended.stderr,
      /removed or replaced|cannot be written|deleted or changed|Please report/,
    );
  });
}
