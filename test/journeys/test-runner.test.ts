import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

test("a test runner's own require is asked for nothing when its test file is over", async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
  const ended = await runProgram(t, 'test-runner.cjs', { env });
  assert.doesNotMatch(ended.stderr, /after the test file's end|UNREACHABLE/);
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(
    inbox.records.map(({ line }) => line),
    ['from a test file'],
  );
});
