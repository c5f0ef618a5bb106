// Secrets, hostile places, hostile names: what must neither leak nor be touched.

import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case, StartOptions } from './case.ts';
import type { Ending } from './plan.ts';
import { sized } from './settings.ts';
import { startChild } from './start-child.ts';
import { torture } from './torture.ts';

const marker = 'MARKER5ecret';
const printDiag = fileURLToPath(new URL('./child/print-diag.ts', import.meta.url));

/** The marker as it stands, and as it is packed in a Basic credential. */
const traces = [
  marker,
  ...[0, 1, 2].map((shift) =>
    // Whatever stands before it, one of three alignments is in the text.
    Buffer.from(`${' '.repeat(shift)}${marker}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, 14),
  ),
];

function assertNoMarker(text: string, where: string): void {
  for (const trace of traces) {
    const at = text.indexOf(trace);
    assert.equal(at, -1, `${where}: ${text.slice(Math.max(0, at - 60), at + 60)}`);
  }
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function secretive(c: Case): readonly Record<string, string>[] {
  const { port } = c.receiver.inbox;
  const everywhere = { SOME_TOKEN: marker, GRAFANA_CLOUD_API_KEY: `glc_${marker}` };
  return [
    {
      ...everywhere,
      ALLOY_OTLP_HEADERS: `Authorization=Basic ${marker},x-api-key=${marker}`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-other=${marker}`,
    },
    {
      ...everywhere,
      ALLOY_OTLP_ENDPOINT: `http://user:${marker}@127.0.0.1:${port}/?key=${marker}`,
    },
    {
      ...everywhere,
      // Nobody listens on port 9.
      HTTP_PROXY: `http://user:${marker}@127.0.0.1:9`,
      ALLOY_OTLP_ENDPOINT: `http://127.0.0.2:${port}`,
    },
  ];
}

torture(
  'S01',
  'a secret in the settings shows nowhere, however the process ends',
  {},
  async (c) => {
    const { inbox } = await c.receive();
    // A server that repeats what it was given.
    inbox.setFault({ type: 'status', status: 401, body: `invalid token ${marker}` });
    const endings = [
      'natural',
      'exit',
      'throw',
      'reject',
      'SIGTERM',
      'SIGINT',
      'abort',
      'reallyExit',
      'oom',
      'SIGKILL',
    ] as const satisfies readonly Ending[];
    const settings = secretive(c);
    const runs = endings.flatMap((how, index) =>
      settings.map((env, variant) => ({ how, env, variant, index })),
    );
    const chosen = runs.filter(({ index, variant }) => sized(index % 3 === variant, true));
    let looked = 0;
    const end = async ({ env, how, variant }: (typeof chosen)[number]): Promise<void> => {
      const options: StartOptions = {
        env: { ...env, OTEL_LOG_LEVEL: 'debug', LOG_CONSOLE: 'json' },
        nodeArgs: ['--import', printDiag, ...(how === 'oom' ? ['--max-old-space-size=48'] : [])],
        writer: `${how}-${variant}`,
      };
      const app = await c.start(options);
      await app.log({ count: 50 });
      const flushed = await app.flush(300);
      const stats = await app.stats();
      const { stderr, stdout } = await app.end(how);
      assertNoMarker(JSON.stringify({ flushed, stats }), `stats() of ${how}`);
      assertNoMarker(stdout, `standard output of ${how}`);
      assertNoMarker(stderr, `standard error of ${how}`);
      looked += 3;
    };
    for (let at = 0; at < chosen.length; at += 3) {
      await Promise.all(chosen.slice(at, at + 3).map(end));
    }
    for (const path of filesBelow(c.folder)) {
      // The receiver's own notes hold the path that it was asked for.
      if (!lstatSync(path).isFile() || path.endsWith('journal.ndjson')) continue;
      assertNoMarker(readFileSync(path, 'latin1'), path);
      looked++;
    }
    assert.ok(c.receiver.arrivals.requests > 0, 'the secret was used');
    inbox.setFault(undefined);
    await c.settle();
    c.judge({ duplicates: 0 }, ['silence']);
    c.figures['places looked at'] = looked;
  },
);

torture('S07', 'a hostile spool root: memory instead, and its targets untouched', {}, async (c) => {
  await c.receive();
  const place = (name: string) => join(c.folder, name);
  const victim = place('victim');
  mkdirSync(victim);
  writeFileSync(join(victim, 'precious'), 'untouched');
  symlinkSync(victim, place('symlink'));
  writeFileSync(place('file'), 'untouched');
  mkdirSync(place('open'));
  chmodSync(place('open'), 0o777);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    mkdirSync(place('foreign'), { mode: 0o700 });
    chownSync(place('foreign'), 65534, 65534);
  }
  // Planted where the next steps of a path would be.
  mkdirSync(place('planted'), { mode: 0o700 });
  symlinkSync(victim, join(place('planted'), 'v1'));
  const roots = ['symlink', 'symlink/', 'file', 'open', 'planted', ...(isRoot ? ['foreign'] : [])];
  const hostile = async (root: string, index: number): Promise<void> => {
    const app = await c.start({ env: { LOG_SPOOL_DIR: place(root) }, writer: `hostile${index}` });
    await app.log({ count: 10 });
    assert.equal((await app.stats()).spool.mode, 'memory', root);
    await c.until(() => c.receiver.arrivals.has(`hostile${index}`, 10), `${root} delivers`);
    await app.flush();
    await app.send({ type: 'sample', isLast: true });
    const { code, stderr } = await app.end('natural');
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/OTEL_SETUP_SPOOL_NO_DIRECTORY/g)?.length, 1, `${root}: ${stderr}`);
  };
  for (let at = 0; at < roots.length; at += 3) {
    await Promise.all(roots.slice(at, at + 3).map((root, index) => hostile(root, at + index)));
  }
  assert.deepEqual(readdirSync(victim), ['precious']);
  assert.equal(readFileSync(join(victim, 'precious'), 'utf8'), 'untouched');
  assert.equal(readFileSync(place('file'), 'utf8'), 'untouched');
  assert.equal(readlinkSync(place('symlink')), victim);
  assert.deepEqual(readdirSync(place('open')), []);
  if (isRoot) assert.deepEqual(readdirSync(place('foreign')), []);
  c.figures.roots = roots.length;

  await plantInOwn(c, victim);
  await c.settle();
  c.judge({}, ['silence']);
  assert.deepEqual(readdirSync(victim), ['precious']);
});

/** Links under the names of the files that come next; a umask that forbids nothing. */
async function plantInOwn(c: Case, victim: string): Promise<void> {
  const { inbox } = c.receiver;
  inbox.setFault({ type: 'status', status: 503 });
  const app = await c.start({
    writer: 'umask',
    wrapper: ['/bin/sh', '-c', 'umask 0; exec "$@"', 'sh'],
  });
  await app.log({ count: 10 });
  const [own = ''] = c.directories();
  for (const path of [c.spoolRoot, ...entriesBelow(c.spoolRoot)]) {
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o777).toString(8);
    assert.equal(mode, stat.isDirectory() ? '700' : '600', path);
  }
  const precious = join(victim, 'precious');
  symlinkSync(precious, join(own, '000000000002.seg'));
  linkSync(precious, join(own, '000000000003.seg'));
  symlinkSync(precious, join(own, '.probe'));
  await app.log({ count: 10_000 });
  assert.equal(readFileSync(precious, 'utf8'), 'untouched');
  inbox.setFault(undefined);
  await c.until(async () => (await app.stats()).pending === 0, 'all of it is delivered', 60_000);
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  assert.equal(readFileSync(precious, 'utf8'), 'untouched');
}

function entriesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}

torture('S09', 'own keys named like prototypes pollute nothing', {}, async (c) => {
  const { inbox } = await c.receive();
  const app = startChild(c, 'own-keys.ts', { writer: 'own-keys' });
  const { code, stderr, stdout } = await app.ended;
  assert.equal(code, 0, stderr);
  const facts = JSON.parse(stdout) as { polluted: unknown; isUntouched: boolean; logged: number };
  assert.equal(facts.polluted, null);
  assert.ok(facts.isUntouched);
  await c.receiver.until(() => inbox.records.length === facts.logged, 'all are stored', 5_000);
  for (const { record } of inbox.records) {
    for (const inherited of ['x', 'inherited']) {
      assert.ok(!(inherited in record.attributes), `${record.body}: ${inherited}`);
    }
  }
  const texts = inbox.records.map(({ record: { attributes } }) => {
    const { 'otel_setup.renamed': _, ...rest } = attributes;
    return JSON.stringify(rest);
  });
  // All keys are kept, under a name that is nobody's prototype.
  assert.equal(texts[0], '{"proto":{"x":"polluted"}}');
  assert.equal(texts[2], '{"index":0,"nested":{"proto":{"x":"polluted"}}}');
  assert.equal(texts[3], '{"constructor":{"prototype":{"x":"polluted"}}}');
  c.figures.records = facts.logged;
});

const generated =
  /^v1(\/[0-9a-f]{32}(\/\.?[0-9a-z]{8}(\/[0-9a-z]{8})?(\/(lock|owner\.json|cursor|\.?\d{12}\.seg))?)?)?$/;

torture('S18', 'no name leads out of the spool', {}, async (c) => {
  const { inbox } = await c.receive();
  const names = ['../../x\n', '/etc/x', '.', 'x'.repeat(300), '\u202e../ü', '%2e%2e%2f'];
  const endpoints = [`${inbox.url}/../../x%0a`, `${inbox.url}/%2e%2e/${'x'.repeat(300)}`];
  const plans: StartOptions[] = [
    ...names
      .slice(0, sized(3, names.length))
      .map((serviceName) => ({ options: { serviceName, serviceNamespace: serviceName } })),
    ...endpoints.map((endpoint, index) => ({ options: { endpoint, serviceName: `s${index}` } })),
  ];
  const before = new Set(readdirSync(c.folder));
  inbox.setFault({ type: 'status', status: 503 });
  const start = async (options: StartOptions): Promise<void> => {
    const app = await c.start(options);
    await app.log({ count: 10 });
    assert.equal((await app.stats()).spool.mode, 'record');
    await app.kill();
  };
  for (let at = 0; at < plans.length; at += 3)
    await Promise.all(plans.slice(at, at + 3).map(start));
  const paths = entriesBelow(c.spoolRoot).map((path) => relative(c.spoolRoot, path));
  assert.deepEqual(
    paths.filter((path) => !generated.test(path)),
    [],
  );
  assert.equal(paths.filter((path) => path.endsWith('.seg')).length, plans.length);
  assert.deepEqual(
    readdirSync(c.folder).filter((name) => !before.has(name)),
    ['spool'],
  );
  // Each name is a service of its own: only its own next start delivers its records.
  inbox.setFault(undefined);
  const deliver = async ({ options }: StartOptions): Promise<void> => {
    const app = await c.start({ options: { ...options, endpoint: inbox.url } });
    await c.until(async () => (await app.stats()).adopted.delivered >= 10, 'its backlog');
    await app.end('natural');
  };
  for (let at = 0; at < plans.length; at += 3) {
    await Promise.all(plans.slice(at, at + 3).map(deliver));
  }
  c.judge({ duplicates: 0 });
  c.figures.names = plans.length;
});
