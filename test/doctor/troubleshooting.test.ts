// docs/troubleshooting.md explains every code that can be told, docs/doctor.md every check; and no other.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parts } from '../../packages/otel-setup/src/cli/doctor/finding.ts';
import { cases } from './cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const explained = new Set(page.match(/\bOTEL_SETUP_[A-Z_]+\b/g));

/** The `code` of an error that nobody is shown. */
const inner = new Set(['OTEL_SETUP_CONNECT']);

const sources = globSync('packages/otel-setup/src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** The spool gives the end of a code only; its states of trouble are codes too. */
function spoolCodes(): string[] {
  const names = sources
    .filter(({ path }) => path.includes('/src/spool/'))
    .flatMap(({ path, text }) => [
      ...Array.from(text.matchAll(/\bnotice\(\s*'([A-Z_]+)'/g), ([, name = '']) => name),
      ...(path.endsWith('/disk.ts') ? ['DISK_FULL', 'SLOW', 'BROKEN', 'CAPPED'] : []),
    ]);
  return names.map((name) => `OTEL_SETUP_SPOOL_${name}`);
}

function codesInSource(): Set<string> {
  const literal = sources.flatMap(({ text }) => text.match(/\bOTEL_SETUP_[A-Z_]*[A-Z]\b/g) ?? []);
  return new Set([...literal, ...spoolCodes()].filter((code) => !inner.has(code)));
}

it('every code of the source is explained', () => {
  const missing = [...codesInSource()].filter((code) => !explained.has(code));
  assert.deepEqual(missing, []);
});

it('every code of the page is one of the source', () => {
  const known = codesInSource();
  assert.ok(known.size > 60, `${known.size}`);
  assert.deepEqual(
    [...explained].filter((code) => !known.has(code)),
    [],
  );
});

it('every code that is tried is a row of the page, with a cause and a fix', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  for (const { code, name } of cases) {
    const row = rows.find((line) => line.split(' | ')[0]?.includes(`\`${code}\``));
    const [, cause = '', fix = ''] = row?.split(' | ') ?? [];
    assert.ok(cause.length > 5 && fix.length > 5, `${name}: ${code}`);
  }
});

it('every row has three cells', () => {
  for (const row of page.split('\n').filter((line) => line.startsWith('|'))) {
    assert.equal(row.split(/(?<!\\)\|/).length, 5, row);
  }
});

it('every check of the doctor is explained', () => {
  const doctor = readFileSync(join(root, 'docs/doctor.md'), 'utf8');
  const [, table = ''] = doctor.split('| check |');
  const [, rows = ''] = /\n([\s\S]*?)\n\n/.exec(table) ?? [];
  const named = rows.split('\n').flatMap((row) => row.split(' | ')[0]?.match(/`[a-z-]+`/g) ?? []);
  const checks = Object.values(parts).flat();
  assert.deepEqual(named.map((name) => name.slice(1, -1)).toSorted(), checks.toSorted());
});
