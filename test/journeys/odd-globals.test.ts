import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

for (const change of ['a terminal by decree', 'a field on every object']) {
  test(`${change} changes nothing`, async (t) => {
    const inbox = await startInbox({ port: 0 });
    t.after(() => inbox.close());
    const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
    const ended = await runProgram(t, 'odd-globals.ts', { env, args: [change] });
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(
      inbox.records.map(({ record }) => record.body),
      ['as ever'],
    );
  });
}

test('timers that are numbers keep records back, say so, and end nothing', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = { ...bareEnvironment(temporaryFolder(t)), ALLOY_OTLP_ENDPOINT: inbox.url };
  const odd = await runProgram(t, 'odd-globals.ts', { env, args: ['timers that are numbers'] });
  assert.equal(odd.code, 0, odd.stderr);
  assert.match(odd.stderr, /the global setTimeout is not Node's/);
  assert.match(odd.stderr, /closing: 1 accepted, 0 handed to Alloy, 1 pending/);
  await runProgram(t, 'settle.ts', { env, args: ['1'] });
  assert.equal(inbox.records.length, 1);
});

test('a clock beyond all dates ends nothing, and its number is told', async (t) => {
  const inbox = await startInbox({ port: 0, rules: 'none' });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    ALLOY_OTLP_ENDPOINT: inbox.url,
    LOG_CONSOLE: 'json',
  };
  const ended = await runProgram(t, 'odd-globals.ts', { env, args: ['a clock beyond all dates'] });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /"time":"9000000000000000","code":"OTEL_SETUP_STARTED"/);
  assert.match(ended.stdout, /"timestamp":"9000000000000000".*"as ever"/);
  assert.equal(inbox.records.length, 1);
});

test('an async_hooks listener that logs while a record is stored costs neither of the two', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const bare = bareEnvironment(temporaryFolder(t));
  // Else the first timer, or the like, is the console's.
  const env = { ...bare, ALLOY_OTLP_ENDPOINT: inbox.url, LOG_CONSOLE: 'off' };
  const ended = await runProgram(t, 'odd-globals.ts', { env, args: ['a hook that logs'] });
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(inbox.records.map(({ record }) => record.body).sort(), [
    'as ever',
    'from within',
  ]);
});
