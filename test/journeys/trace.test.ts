import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

it('two hundred requests at once have their own span in each record, beside an asynchronous transport', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
  };
  const ended = await runProgram(t, 'requests.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const right = inbox.records.filter(
    ({ record }) =>
      record.traceId === record.attributes.traceId && record.spanId === record.attributes.spanId,
  );
  assert.deepEqual([inbox.records.length, right.length], [400, 400]);
});
