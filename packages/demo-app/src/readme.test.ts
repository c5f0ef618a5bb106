import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { severities } from './smoke/severity.ts';

const root = join(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\r\n', '\n');
const quickstart = join(import.meta.dirname, 'quickstart.ts');

test("the README's five lines are a program that is compiled and run", () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  assert.equal(code, readFileSync(quickstart, 'utf8').replaceAll('\r\n', '\n'));
});

test('on a laptop without credentials the five lines print what the README shows, and nothing else', () => {
  const own = /^(?:LOG_|LOKI_|OTEL_|GRAFANA_|ALLOY_|FORCE_COLOR)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  const run = spawnSync(process.execPath, [quickstart], {
    env: { ...env, LOG_CONSOLE: 'pretty' },
    encoding: 'utf8',
  });
  const [, shown = ''] = /```\n(\d\d:\d\d:\d\d\.\d{3} INFO.*)\n```/.exec(readme) ?? [];
  const withoutTime = (text: string) => text.replace(/^[\d:.]{12} /, '');
  assert.equal(run.stderr, '');
  assert.equal(withoutTime(run.stdout.trimEnd()), withoutTime(shown));
  assert.equal(run.status, 0);
});

test('every notice code in the README is one that the SDK gives', () => {
  const sources = globSync('packages/otel-setup/src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const codes = new Set(readme.match(/OTEL_SETUP_[A-Z_]+/g));
  assert.ok(codes.size > 5);
  assert.deepEqual(
    [...codes].filter((code) => !sources.includes(`'${code}'`)),
    [],
  );
});

test("the README's levels are those that the smoke test finds", () => {
  const rows = readme.matchAll(/^\| `(\w+)` \| `(\w+)` \| (\d+) \|$/gm);
  const table = [...rows].map(([, level, text, number]) => [
    level,
    { number: Number(number), text },
  ]);
  assert.deepEqual(Object.fromEntries(table), severities);
});
