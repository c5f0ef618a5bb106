import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

describe('node --import otel-setup/register', () => {
  for (const [program, lines] of [
    ['adopted.ts', ['from a named import', 'from the default import', 'from the default logger']],
    ['adopted.cts', ['from require']],
  ] as const) {
    it(`adopts the loggers of ${program}, and leaves their console alone`, async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
      };
      const ended = await runProgram(t, program, {
        env,
        nodeArgs: ['--import', import.meta.resolve('otel-setup/register')],
      });
      assert.equal(ended.code, 0, ended.stderr);
      assert.deepEqual(
        inbox.records.map(({ line }) => line),
        lines,
      );
      assert.deepEqual(
        ended.stdout
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { message: string }).message),
        lines,
      );
    });
  }

  it('comes before the init() of the code, whose options are named as without effect', async (t) => {
    const { code, stdout, stderr } = await runProgram(t, 'strict.ts', {
      env: { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'none' },
      args: [JSON.stringify({ serviceName: 'shop', redaction: { keys: ['pin'] } })],
      nodeArgs: ['--import', import.meta.resolve('otel-setup/register')],
    });
    assert.deepEqual([code, stdout], [0, 'started\n']);
    assert.match(stderr, /OTEL_SETUP_UNUSED/);
    assert.match(stderr, /no effect: serviceName, redaction\. Give them to the first call/);
  });
});
