import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { ConfigError } from '../errors.ts';
import { fakeHost } from './host.test.ts';
import { readHost } from './host.ts';
import { loadConfig } from './load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { readFile } = readHost();

function configOf(path: string) {
  return loadConfig({}, fakeHost({ LOG_PROCESSING: path }, { readFile }));
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('rules come from the file that LOG_PROCESSING names, byte order mark or not', () => {
  const json = '{"rules": [{"drop": {"level": "debug"}}]}';
  for (const path of [fileOf('plain.json', json), fileOf('bom.json', `\ufeff${json}`)]) {
    const { rules, problems } = configOf(path);
    assert.deepEqual([rules.length, problems], [1, []]);
  }
});

it('rules in code beat the file', () => {
  const path = fileOf('file.json', '{"rules": []}');
  const host = fakeHost({ LOG_PROCESSING: path }, { readFile });
  const { rules } = loadConfig({ processing: { rules: [{ remove: ['a'] }] } }, host);
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['remove-1'],
  );
});

const bad: readonly (readonly [what: string, make: () => string, problem: RegExp])[] = [
  ['a missing file', () => join(folder, 'missing.json'), /cannot be read: there is no such file/],
  [
    'a directory',
    () => {
      mkdirSync(join(folder, 'directory'));
      return join(folder, 'directory');
    },
    /cannot be read: it is no file/,
  ],
  [
    'a pipe',
    () => {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      return join(folder, 'pipe');
    },
    /cannot be read: it is no file/,
  ],
  ['a large file', () => fileOf('large', ' '.repeat(1_048_577)), /larger than 1048576 bytes/],
  ['no JSON', () => fileOf('yaml', 'rules:\n- drop'), /is not JSON/],
  ['an empty file', () => fileOf('empty', ''), /is not JSON/],
  ['Latin-1', () => fileOf('latin', Buffer.from([0x22, 0xe4, 0x22])), /its text is not UTF-8/],
  ['an array', () => fileOf('array', '[]'), /must be an object, got an array/],
  [
    'one wrong rule among others',
    () => fileOf('half', '{"rules": [{"drop": {"level": "debug"}}, {"drop": {"lvl": "x"}}]}'),
    /unknown field "lvl"/,
  ],
];

for (const [what, make, problem] of bad) {
  it(`${what} is told, and nothing is taken out`, () => {
    const { rules, problems, notices } = configOf(make());
    assert.match(problems.join('\n'), problem);
    assert.match(problems.join('\n'), /No rule acts until it is put right/);
    assert.equal(notices[0]?.code, 'OTEL_SETUP_CONFIG');
    assert.deepEqual(rules, []);
  });
}

it('wrong rules in code are thrown, all at once', () => {
  const processing = { rules: [{ drop: {} }, { sample: { rate: 7 } }] };
  assert.throws(
    () => loadConfig({ processing }, fakeHost()),
    (error: ConfigError) => error instanceof ConfigError && error.problems.length === 2,
  );
});
