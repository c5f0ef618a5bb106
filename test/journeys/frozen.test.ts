// A function platform stops the process between two invocations, as AWS Lambda does: SIGSTOP, SIGCONT.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, startProgram, temporaryFolder } from './program.ts';

const canStop = { skip: process.platform === 'win32' && 'has no SIGSTOP' };

it('flush() delivers before a freeze and after the thaw', canStop, async (t) => {
  let inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const { url } = inbox;
  const env = { ...bareEnvironment(temporaryFolder(t)), LOG_ROUTE: 'alloy', LOG_CONSOLE: 'off' };
  const running = startProgram(t, 'invoked.ts', { env: { ...env, ALLOY_OTLP_ENDPOINT: url } });
  const lines = () => inbox.records.map(({ line }) => line);

  running.child.stdin?.write('first\n');
  await running.said('answered first');
  assert.deepEqual(lines(), ['first']);

  running.child.stdin?.write('unflushed\n');
  await running.said('answered unflushed');
  running.child.kill('SIGSTOP');
  // The server forgets the connection of a process that says nothing.
  await inbox.close();
  const before = lines();
  inbox = await startInbox({ port: Number(new URL(url).port) });
  running.child.kill('SIGCONT');

  running.child.stdin?.write('second\n');
  await running.said('answered second');
  // An answer that was lost on the way makes its record come again.
  assert.deepEqual([...new Set([...before, ...lines()])], ['first', 'unflushed', 'second']);
  running.child.stdin?.end();
  assert.equal((await running.ended).code, 0);
});
