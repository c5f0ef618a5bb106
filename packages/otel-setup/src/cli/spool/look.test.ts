import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command, leaveSpool, startLogging, temporaryFolder } from './harness.test.ts';

interface Line {
  readonly time: string;
  readonly timeUnixNano: string;
  readonly body: string;
  readonly attributes: { readonly id: number };
  readonly resource: Readonly<Record<string, string>>;
  readonly seq: number;
  readonly scope?: { readonly name: string };
  readonly quarantine?: { readonly reason: string; readonly words: string };
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

it('list tells dead from alive, counts records, and changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 50);
  const before = readdirSync(join(folder, 'spool'), { recursive: true }).sort();
  const { code, stdout } = await command(folder, ['spool', 'list']);
  assert.equal(code, 0);
  assert.match(stdout, /^shop$/m);
  const row = new RegExp(`${basename(dead)} +dead, pid \\d+ +alloy http://127.0.0.1:9 +50 `);
  assert.match(stdout, row);
  assert.deepEqual(readdirSync(join(folder, 'spool'), { recursive: true }).sort(), before);

  // The next start takes the dead one over: held by a living process.
  await startLogging(t, folder, 5);
  const listed = await command(folder, ['spool', 'list', '--json']);
  const [root] = JSON.parse(listed.stdout).roots;
  const states = root.services[0].directories.map((one: { state: string }) => one.state);
  assert.ok(states.includes('alive'), listed.stdout);
});

it('list says one record as one', async (t) => {
  const folder = temporaryFolder(t);
  await leaveSpool(t, folder, 1);
  const { stdout } = await command(folder, ['spool', 'list']);
  assert.match(
    stdout,
    /^1 record waiting, left by a dead process: .* sends it, or npx otel-setup/m,
  );
});

it('show gives segments, cursor and the first words of records', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 20);
  const { code, stdout } = await command(folder, ['spool', 'show', basename(dead)]);
  assert.equal(code, 0);
  assert.match(stdout, /000000000001\.seg/);
  assert.match(stdout, /settled up to record 0/);
  assert.match(stdout, /Oldest records\n {2}\d{4}-\d\d-\d\d [\d:.]+ info {2}burst/);
  const unknown = await command(folder, ['spool', 'show', 'nothere1']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, new RegExp(`There are: ${basename(dead)}`));
});

it('export gives every record with the time in nanoseconds, in order', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 300);
  const all = linesOf((await command(folder, ['spool', 'export', '--all'])).stdout);
  assert.deepEqual(
    all.map(({ attributes }) => attributes.id),
    Array.from({ length: 300 }, (_, id) => id),
  );
  const [first] = all;
  assert.equal(first?.body, 'burst');
  assert.equal(first?.resource['service.name'], 'shop');
  assert.match(first?.time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  const ms = BigInt(Date.parse(first?.time.replace(/\d{6}Z$/, 'Z') ?? ''));
  assert.equal(BigInt(first?.timeUnixNano ?? 0) / 1_000_000n, ms);
  // A copy of one directory alone is a spool too.
  const one = linesOf((await command(folder, ['spool', 'export', '--all', '--dir', dead])).stdout);
  assert.equal(one.length, 300);
});

it('export reads damaged files as far as they go, counts the rest, and exits 1', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 100);
  const segment = join(dead, '000000000001.seg');
  const bytes = readFileSync(segment);
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xee, middle, middle + 8);
  writeFileSync(segment, bytes);
  const { code, stderr, stdout } = await command(folder, ['spool', 'export', '--all']);
  const lines = linesOf(stdout);
  const missing = 100 - lines.length;
  assert.ok(missing >= 1 && missing <= 2, `${missing} missing`);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`${missing} records? missing`));
  const listed = await command(folder, ['spool', 'list']);
  assert.match(listed.stdout, /is damaged: \d records? missing/);

  appendFileSync(segment, 'half a frame');
  const torn = await command(folder, ['spool', 'export', '--all']);
  assert.match(torn.stderr, /12 B at the end of a file unreadable/);
});

it('export gives what servers refused, with their words', async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 1);
  const quarantine = join(dirname(dead), 'quarantine');
  mkdirSync(quarantine);
  const record = Buffer.from([0x09, 1, 0, 0, 0, 0, 0, 0, 0, 0x2a, 4, 0x0a, 2, 0x68, 0x69]);
  const entry = {
    time: '2026-01-02T03:04:05.000Z',
    reason: 'too_old',
    words: 'no\u001b[31m',
    seq: 7,
  };
  const scope = Buffer.from([0x0a, 4, 0x0a, 2, 0x64, 0x62]).toString('base64');
  const line = JSON.stringify({ ...entry, resource: '', scope, record: record.toString('base64') });
  writeFileSync(join(quarantine, `${basename(dead)}-000001.ndjson`), `${line}\n{"half`);
  const exported = await command(folder, ['spool', 'export', '--quarantine']);
  const [first] = linesOf(exported.stdout);
  assert.equal(first?.body, 'hi');
  assert.equal(first?.scope?.name, 'db');
  assert.equal(first?.quarantine?.reason, 'too_old');
  assert.equal(exported.code, 1);
  const listed = await command(folder, ['spool', 'list']);
  assert.match(listed.stdout, /quarantine: 1 record, .*: 1 too_old, 1 unreadable line$/m);
  const shown = await command(folder, ['spool', 'show', basename(dead)]);
  assert.match(shown.stdout, /too_old: no\\u001b\[31m/);
});

it('a reader that has seen enough ends the export without a word', async (t) => {
  const folder = temporaryFolder(t);
  await leaveSpool(t, folder, 5_000);
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'spool', 'export', '--all'], {
    env: { HOME: folder, LOG_SPOOL_DIR: join(folder, 'spool') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  assert.equal(said, '');
});

it('words that make no sense end with 2 and a hint; help comes without a command', async (t) => {
  const folder = temporaryFolder(t);
  const wrong = [
    ['nonsense'],
    ['spool', 'nonsense'],
    ['spool', 'show'],
    ['spool', 'list', '--what'],
  ];
  for (const args of wrong) {
    const { code, stderr, stdout } = await command(folder, args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^otel-setup: ./);
  }
  const help = await command(folder, []);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /otel-setup spool list/);
  const empty = await command(folder, ['spool', 'list']);
  assert.match(empty.stdout, /Nothing lies in .*spool/);
  assert.equal(statSync(folder).isDirectory(), true);
});
