import assert from 'node:assert/strict';
import { on } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { type Inbox, startInbox } from 'otlp-inbox';
import {
  bareEnvironment,
  type Ended,
  runProgram,
  startProgram,
  temporaryFolder,
} from './program.ts';

const all = Array.from({ length: 101 }, (_, id) => id);

async function end(
  t: TestContext,
  env: Record<string, string>,
  how: string,
  signal?: NodeJS.Signals,
  control?: 'control',
): Promise<Ended> {
  const args = control === undefined ? [how] : [how, control];
  if (signal === undefined) {
    return await runProgram(t, 'end.ts', { env, args });
  }
  const running = startProgram(t, 'end.ts', { env, args });
  await running.said('ready');
  running.child.kill(signal);
  return await running.ended;
}

const ends: { how: string; signal?: NodeJS.Signals }[] = [
  { how: 'natural' },
  { how: 'exit' },
  { how: 'throw' },
  { how: 'rejection' },
  { how: 'signal', signal: 'SIGTERM' },
  { how: 'signal', signal: 'SIGINT' },
  { how: 'handled-signal', signal: 'SIGTERM' },
];

function delivered(inbox: Inbox): number[] {
  return inbox.records.map(({ record }) => Number(record.attributes.id));
}

for (const { how, signal } of ends) {
  describe(`the end by ${how}${signal === undefined ? '' : ` (${signal})`}`, () => {
    it('loses nothing, and leaves exit code and signal as they are without us', async (t) => {
      const inbox = await startInbox({ port: 0 });
      t.after(() => inbox.close());
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: inbox.url,
        LOG_CONSOLE: 'off',
      };
      const control = await end(t, env, how, signal, 'control');
      const ended = await end(t, env, how, signal);
      assert.deepEqual([ended.code, ended.signal], [control.code, control.signal], ended.stderr);
      if (new Set(delivered(inbox)).size < all.length) {
        await runProgram(t, 'settle.ts', {
          env,
          args: [String(all.length - inbox.records.length)],
        });
      }
      assert.deepEqual([...new Set(delivered(inbox))], all);
    });

    it('ends at most two seconds later with a dead endpoint, and keeps the records', async (t) => {
      const inbox = await startInbox({ port: 0 });
      const { url } = inbox;
      await inbox.close();
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: url,
        LOG_CONSOLE: 'off',
      };
      const control = await end(t, env, how, signal, 'control');
      const ended = await end(t, env, how, signal);
      assert.deepEqual([ended.code, ended.signal], [control.code, control.signal], ended.stderr);
      // The machine may be busy: a bound against hanging, not a measurement.
      assert.ok(ended.endingMs - control.endingMs < 4_000, `${ended.endingMs} ms`);

      const healed = await startInbox({ port: Number(new URL(url).port) });
      t.after(() => healed.close());
      await runProgram(t, 'settle.ts', { env, args: [String(all.length)] });
      assert.deepEqual([...new Set(delivered(healed))], all);
    });
  });
}

it('an outage that began soon after another one is told at the end, in the closing line', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const outage = { type: 'status', status: 503, times: 1 } as const;
  inbox.pushFault(outage);
  const running = startProgram(t, 'trickle.ts', {
    env: {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_ROUTE: 'direct',
      OTEL_EXPORTER_OTLP_ENDPOINT: inbox.url,
      LOG_CONSOLE: 'off',
    },
    args: ['200'],
  });
  const chunks = on(running.child.stderr ?? assert.fail('no stderr'), 'data');
  for await (const [text] of chunks) if (String(text).includes('recovered')) break;
  inbox.pushFault(outage);
  const { stderr } = await running.ended;
  assert.equal(inbox.totals.stored, 200, stderr);
  const lines = stderr.split('\n').filter((line) => line.includes('OTEL_SETUP_SERVER_ERROR'));
  assert.equal(lines.length, 3, stderr);
  assert.match(lines[1] ?? '', /recovered after/);
  assert.match(
    lines[2] ?? '',
    /closing: 200 accepted, 200 delivered; not told yet: OTEL_SETUP_SERVER_ERROR 1 more time in .*; it works again \(OTEL_SETUP_CLOSING\)$/,
  );
});

it('process.exit says why nothing was taken, with the setting to look at', async (t) => {
  const auth = { username: '123456', password: 'glc_right' };
  const inbox = await startInbox({ port: 0, auth });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'direct',
    GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
    GRAFANA_CLOUD_INSTANCE_ID: '123456',
    GRAFANA_CLOUD_API_KEY: 'glc_wrong-and-secret',
    LOG_CONSOLE: 'off',
  };
  const { code, stderr } = await end(t, env, 'exit');
  assert.equal(code, 3);
  assert.match(stderr, /does not accept the credentials.*GRAFANA_CLOUD_API_KEY.*UNAUTHORIZED/);
  assert.match(stderr, /UNAUTHORIZED\)\n.*closing: 101 accepted, 0 delivered, 101 pending in/s);
  assert.doesNotMatch(stderr, /wrong-and-secret/);
});
