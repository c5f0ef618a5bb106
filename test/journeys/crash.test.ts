import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, startProgram, temporaryFolder } from './program.ts';

const burst = 10_000;

describe('a process that is killed right after a burst', () => {
  it('leaves every record to the next start, each byte-identical if it comes twice', async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: inbox.url,
      LOG_CONSOLE: 'off',
    };
    const first = startProgram(t, 'burst.ts', { env, args: [String(burst)] });
    await first.said('logged');
    first.child.kill('SIGKILL');
    assert.equal((await first.ended).signal, 'SIGKILL');

    const left = burst - new Set(ids(inbox.records)).size;
    const second = await runProgram(t, 'settle.ts', { env, args: [String(left)] });
    assert.equal(second.code, 0, second.stderr);
    assert.deepEqual(
      [...new Set(ids(inbox.records))],
      Array.from({ length: burst }, (_, id) => id),
    );
    const bytes = new Map<number, Buffer>();
    for (const { record, bytes: sent } of inbox.records) {
      const id = Number(record.attributes.id);
      const before = bytes.get(id);
      assert.ok(before === undefined || before.equals(sent), `record ${id} came back altered`);
      bytes.set(id, Buffer.from(sent));
    }
    const { adopted } = JSON.parse(second.stdout) as { adopted: Record<string, unknown> };
    assert.equal(adopted.pending, 0);
    assert.deepEqual(adopted.dropped, {});
  });
});

function ids(records: readonly { record: { attributes: Record<string, unknown> } }[]): number[] {
  return records.map(({ record }) => Number(record.attributes.id));
}

describe('a service whose processes are all short', () => {
  for (const [end, title] of [
    ['natural', 'at the natural end'],
    ['shutdown', 'by shutdown()'],
  ] as const) {
    it(`sends ${title} what an earlier one left`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        LOG_CONSOLE: 'off',
      };
      const first = startProgram(t, 'end.ts', { env, args: ['lives-on'] });
      await first.said('ready');
      first.child.kill('SIGKILL');
      await first.ended;
      const back = { ...env, ALLOY_OTLP_ENDPOINT: inbox.url };
      const second = await runProgram(t, 'end.ts', { env: back, args: [end] });
      assert.equal(second.code, 0, second.stderr);
      assert.equal(inbox.records.length, 202, second.stderr);
      assert.doesNotMatch(second.stderr, /OTEL_SETUP_CLOSING/);
      const third = await runProgram(t, 'end.ts', { env: back, args: [end] });
      assert.equal(inbox.records.length, 303, third.stderr);
    });
  }
});
