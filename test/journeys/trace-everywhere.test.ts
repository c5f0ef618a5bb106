import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Inbox, type StoredRecord, startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

type Attributes = StoredRecord['record']['attributes'];

interface Verdict {
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  /** Records with the ids of another span, or with none. */
  readonly wrong: readonly string[];
  readonly logged: number;
}

function judge(inbox: Inbox, expected: readonly string[]): Verdict {
  const wrong: string[] = [];
  const arrived = new Map<string, number>();
  for (const { record } of inbox.records) {
    // winston's record of an uncaught Error has the Error in a field.
    const { id, traceId, spanId } = (record.attributes.error ?? record.attributes) as Attributes;
    const name = String(id);
    arrived.set(name, (arrived.get(name) ?? 0) + 1);
    if (record.traceId !== traceId || record.spanId !== spanId) wrong.push(name);
  }
  return {
    missing: expected.filter((id) => !arrived.has(id)),
    twice: [...arrived].filter(([, count]) => count > 1).map(([id]) => id),
    wrong,
    logged: expected.length,
  };
}

async function run(t: TestContext, args: readonly string[]): Promise<Verdict> {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const folder = temporaryFolder(t);
  const env = {
    ...bareEnvironment(folder),
    LOG_FOLDER: folder,
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_CONSOLE: 'off',
  };
  const ended = await runProgram(t, 'trace-storm.ts', { env, args });
  assert.equal(ended.code, 0, ended.stderr);
  return judge(inbox, JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? ''));
}

describe('every record is there once, with the ids of its own span,', { concurrency: true }, () => {
  const cases: [string, readonly string[]][] = [
    ["with the application's API of our version", ['1.10']],
    ["with the application's API of another version", ['1.9']],
    ['with instrumentation-winston loaded as well', ['1.10', 'instrumented']],
  ];
  for (const [name, args] of cases) {
    it(`${name}, beside any transports, in worker threads, too`, async (t) => {
      const { logged, ...faults } = await run(t, args);
      assert.ok(logged > 7_000, `${logged} records`);
      assert.deepEqual(faults, { missing: [], twice: [], wrong: [] });
    });
  }
});
