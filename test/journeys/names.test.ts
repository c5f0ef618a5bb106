// Names, in a network of our own whose name server never answers: a system look-up there takes 10 s,
// and the end of a process waits for it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  bareEnvironment,
  type Ended,
  programPath,
  runProgram,
  temporaryFolder,
} from './program.ts';

const ownNetwork = `ip link set lo up && ip addr add 203.0.113.7/32 dev lo &&
mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@"`;

function enter(folder: string): string[] {
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(
    join(folder, 'hosts'),
    '127.0.0.1 localhost\n127.0.0.1 logs.example alloy\n203.0.113.7 collector\n',
  );
  return ['unshare', '-Urmn', 'sh', '-c', ownNetwork, folder];
}

function canEnter(t: TestContext): boolean {
  const [command = '', ...args] = enter(temporaryFolder(t));
  if (spawnSync(command, [...args, 'true']).status === 0) return true;
  t.skip('needs unshare(1), ip(8) and user namespaces');
  return false;
}

interface Scene {
  readonly host: string;
  readonly how?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly control?: boolean;
}

async function run(t: TestContext, scene: Scene): Promise<Ended> {
  const folder = temporaryFolder(t);
  const env = {
    ...bareEnvironment(folder),
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: `http://${scene.host}:4318`,
    LOG_CONSOLE: 'off',
    ...scene.env,
  };
  const how = scene.how ?? 'natural';
  return await runProgram(t, 'end.ts', {
    env,
    args: scene.control === true ? [how, 'control'] : [how],
    nodeArgs: ['--import', programPath('own-network.ts')],
    command: enter(folder),
  });
}

/** Against hanging, not a measurement: the machine may be busy. */
const mostMs = 4_500;

for (const how of ['natural', 'exit', 'throw']) {
  test(`a silent name server does not hold up the end by ${how}`, async (t) => {
    if (!canEnter(t)) return;
    const scene = { host: 'gateway.example', how };
    const control = await run(t, { ...scene, control: true });
    const ended = await run(t, scene);
    assert.equal(ended.code, control.code, ended.stderr);
    assert.match(ended.stderr, /closing: 101 accepted, 0 handed to Alloy, 101 pending/);
    assert.ok(ended.endingMs - control.endingMs < mostMs, `${ended.endingMs} ms`);
  });
}

for (const host of ['localhost', 'logs.example', 'alloy']) {
  test(`${host} is found without the name server`, async (t) => {
    if (!canEnter(t)) return;
    const { stderr, endingMs } = await run(t, { host });
    assert.match(stderr, /endpoint: a request/);
    assert.doesNotMatch(stderr, /pending in/);
    assert.ok(endingMs < mostMs, `${endingMs} ms`);
  });
}

test('an endpoint that hangs holds up the natural end for two seconds', async (t) => {
  if (!canEnter(t)) return;
  const { stderr, endingMs } = await run(t, { host: 'localhost', env: { ENDPOINT: 'hangs' } });
  assert.match(stderr, /endpoint: a request/);
  assert.match(stderr, /101 pending in/);
  assert.ok(endingMs < mostMs, `${endingMs} ms`);
});

const requested = /endpoint: a request/;

/** `process.exit` leaves half a second, which a busy machine may take away: whether they may go there shows in one of three. */
async function reaching(t: TestContext, scene: Scene): Promise<string> {
  const { stderr } = await run(t, scene);
  for (let more = 2; more > 0 && scene.how === 'exit'; more--) {
    if (requested.test(stderr)) break;
    const again = await run(t, scene);
    if (requested.test(again.stderr)) return again.stderr;
  }
  return stderr;
}

const secret = { ALLOY_OTLP_HEADERS: 'authorization=Basic YTpi' };
for (const how of ['natural', 'exit']) {
  test(`credentials do not go to the public address of a private name (${how})`, async (t) => {
    if (!canEnter(t)) return;
    const { stderr } = await run(t, { host: 'collector', how, env: secret });
    assert.doesNotMatch(stderr, /endpoint: a connection/);
    assert.match(stderr, /101 pending in/);
    if (how === 'natural') assert.match(stderr, /leads to a public address, and plain http/);
  });
}

for (const how of ['natural', 'exit']) {
  test(`records go there without credentials, and with them to a private address (${how})`, async (t) => {
    if (!canEnter(t)) return;
    for (const scene of [{ host: 'collector' }, { host: 'localhost', env: secret }]) {
      assert.match(await reaching(t, { ...scene, how }), requested);
    }
  });
}
