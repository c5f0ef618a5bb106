// A process that may open no more files: every notice says so, and nothing is lost once it may again.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, startProgram, temporaryFolder } from './program.ts';

const skip = process.platform === 'linux' ? false : 'needs a limit of descriptors, and /dev/null';

it('without descriptors records wait in memory, and each notice names the limit', {
  skip,
}, async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const running = startProgram(t, 'descriptors.ts', {
    command: ['/bin/sh', '-c', 'ulimit -n 60; exec "$@"', 'sh'],
    env: {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: inbox.url,
      LOG_CONSOLE: 'off',
    },
  });
  await running.said('ready');
  assert.equal(inbox.records.length, 0);
  running.child.stdin?.write('go\n');
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    inbox.records.map(({ record }) => record.attributes.id),
    Array.from({ length: 20 }, (_, id) => id),
  );
  const lineOf = (name: string) =>
    stderr.split('\n').find((line) => line.includes(`(OTEL_SETUP_${name})`)) ?? stderr;
  assert.match(lineOf('SPOOL_NO_DIRECTORY'), /EMFILE.*raise its limit \(ulimit -n\)/);
  assert.match(lineOf('UNREACHABLE'), /cannot be reached \(.*raise its limit \(ulimit -n\)/);
  assert.doesNotMatch(stderr, /takes no sockets|Is Alloy running/);
});
