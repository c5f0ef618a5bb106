// All that init() adds to a process, beside a control run of winston alone; docs/security.md tells the same.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

type Belongings = Readonly<Record<string, readonly string[]>>;
type Phases = Readonly<Record<'before' | 'running' | 'after', Belongings>>;

const page = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
const onLinux = { skip: process.platform !== 'linux' && 'reads /proc' };

async function look(
  t: TestContext,
  kind: 'ours' | 'winston' | 'meddler',
  env: Readonly<Record<string, string>>,
): Promise<{ phases: Phases; left: string[] }> {
  const folder = join(temporaryFolder(t), 'own');
  mkdirSync(folder);
  const ended = await runProgram(t, 'belongings.ts', {
    env: { ...bareEnvironment(folder), LOG_CONSOLE: 'json', ...env },
    args: [kind, folder],
  });
  assert.equal(ended.code, 0, ended.stderr);
  const line = ended.stderr.split('\n').find((each) => each.startsWith('{"before"')) ?? '';
  const plain = line
    .replaceAll(folder, '<folder>')
    .replaceAll(/v1\/[0-9a-f]{32}/g, 'v1/<service>')
    .replaceAll(/<service>\/[a-z0-9]{8}/g, '<service>/<id>');
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return { phases: JSON.parse(plain) as Phases, left };
}

/** What the one has and the other has not, as often as it has it; kinds that are alike are left out. */
function added(ours: Belongings, control: Belongings): Record<string, string[]> {
  const more = Object.entries(ours).map(([kind, names]) => {
    const others = [...(control[kind] ?? [])];
    const extra = names.filter((name) => {
      const at = others.indexOf(name);
      if (at >= 0) others.splice(at, 1);
      return at < 0;
    });
    return [kind, [...extra, ...others.map((name) => `without ${name}`)].toSorted()] as const;
  });
  return Object.fromEntries(more.filter(([, names]) => names.length > 0));
}

const directory = 'spool/v1/<service>/<id>';
const files = ['000000000001.seg', 'cursor', 'lock', 'owner.json'];
const stays = {
  listeners: ['SIGHUP', 'SIGINT', 'SIGTERM', 'beforeExit', 'exit', 'newListener'],
  globals: [
    'Symbol(io.opentelemetry.js.api.logs)',
    'Symbol(opentelemetry.js.api.1)',
    'Symbol(otel-setup)',
    'Symbol(otel-setup.log-context)',
  ],
  files: ['spool', 'spool/v1', 'spool/v1/<service>', directory]
    .concat(files.map((name) => `${directory}/${name}`))
    .toSorted(),
};
const open = ['000000000001.seg', 'cursor'].map((name) => `<folder>/${directory}/${name}`);

it('init() adds what the page names; shutdown() closes its connection', onLinux, async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const env = { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: inbox.url };
  const [ours, control] = await Promise.all([look(t, 'ours', env), look(t, 'winston', env)]);
  assert.equal(inbox.records.length, 1);
  assert.deepEqual(added(ours.phases.before, control.phases.before), {});
  assert.deepEqual(added(ours.phases.running, control.phases.running), {
    ...stays,
    descriptors: [...open, 'socket:', 'socket:'],
  });
  // What is logged after it still goes to disk.
  assert.deepEqual(added(ours.phases.after, control.phases.after), {
    ...stays,
    descriptors: [...open, 'socket:'],
  });
  assert.deepEqual(
    ours.left.filter((path) => files.some((name) => path.endsWith(name))),
    [],
    'the end of the process removes its files',
  );
  for (const name of [...stays.listeners, ...stays.globals, ...files]) {
    assert.ok(page.includes(`\`${name.replace(/^Symbol\((.*)\)$/, '$1')}\``), `${name} is told`);
  }
});

for (const off of [{ LOG_ROUTE: 'none' }, { OTEL_SDK_DISABLED: 'true' }]) {
  it(`${Object.entries(off).join()} leaves two symbols and nothing else`, onLinux, async (t) => {
    const env = { ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9', ...off };
    const [ours, control] = await Promise.all([look(t, 'ours', env), look(t, 'winston', env)]);
    for (const phase of ['running', 'after'] as const) {
      assert.deepEqual(added(ours.phases[phase], control.phases[phase]), {
        globals: ['Symbol(otel-setup)', 'Symbol(otel-setup.log-context)'],
      });
    }
    assert.deepEqual(ours.left, []);
  });
}

it('the comparison sees whatever a library may add', onLinux, async (t) => {
  const [meddler, control] = await Promise.all([look(t, 'meddler', {}), look(t, 'winston', {})]);
  const seen = added(meddler.phases.running, control.phases.running);
  assert.deepEqual(seen.listeners, ['uncaughtException']);
  assert.deepEqual(seen.globals, ['meddled']);
  assert.deepEqual(seen.functions, ['os.uptime']);
  assert.deepEqual(seen.environment, ['MEDDLED=yes']);
  assert.deepEqual(seen.files, ['meddled']);
  assert.deepEqual(seen.settings, ['exitCode 0', 'without exitCode undefined']);
  for (const kind of ['children', 'threads', 'descriptors', 'resources']) {
    assert.ok((seen[kind]?.length ?? 0) > 0, kind);
  }
});
