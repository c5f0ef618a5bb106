// docs/reference.md names every option, field, reason and metric of the code, and no other; and their defaults.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { variables } from '../../packages/otel-setup/src/config/variables.ts';
import {
  instruments,
  operationDuration,
} from '../../packages/otel-setup/src/health/instruments.ts';
import { root } from './page.ts';

const page = readFileSync(join(root, 'docs/reference.md'), 'utf8');
const source = (path: string) => readFileSync(join(root, 'packages/otel-setup/src', path), 'utf8');

/** The rows of a section's table, each as its cells. */
function rows(title: string, text = page): string[][] {
  const [, section = ''] = text.split(`## ${title}\n`);
  const [body = ''] = section.split('\n## ');
  const [, , ...found] = body.split('\n').filter((line) => line.startsWith('|'));
  return found.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesOf = (cell = ''): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
const named = (title: string): string[] => rows(title).flatMap(([cell]) => namesOf(cell));

interface Field {
  readonly name: string;
  readonly docs: string;
}

const fieldLine = /((?:^ +\/?\*.*\n)*)^( {2,8})(?:readonly )?(\w+)(?:\(|\??:).*$/gm;

/** The fields of an interface; those of an object within it as `outer.inner`. */
function fields(text: string, name: string): Field[] {
  const [, from = ''] = text.split(new RegExp(`export interface ${name}\\b[^{]*\\{\\n`));
  const [body = ''] = from.split('\n}\n');
  let outer = '';
  return Array.from(`${body}\n`.matchAll(fieldLine), (match): Field | undefined => {
    const [whole, docs = '', indent, field = ''] = match;
    if (indent === '  ') outer = field;
    else return { name: `${outer}.${field}`, docs };
    return opensGroup(body, whole) ? undefined : { name: field, docs };
  }).filter((field) => field !== undefined);
}

/** Whether the field is an object whose own fields are the next lines. */
function opensGroup(body: string, field: string): boolean {
  const after = body.slice(body.indexOf(field) + field.length);
  return field.endsWith('{') || (field.endsWith(':') && /^\n +\| \{/.test(after));
}

const [options, own] = [
  fields(source('config/config-options.ts'), 'ConfigOptions'),
  fields(source('telemetry.ts'), 'InitOptions'),
];

it('every option is a row, and every row an option', () => {
  const all = [...options, ...own].map(({ name }) => name);
  assert.ok(all.length > 30 && all.includes('grafanaCloud.apiKey'), all.join());
  assert.deepEqual(named('Options of init()').sort(), all.sort());
});

it('every default that the docstring gives is the one of the row, and so is its variable', () => {
  const plain = (text: string) => text.replaceAll(/[`']/g, '').trim();
  let compared = 0;
  for (const { name, docs } of [...options, ...own]) {
    const [, told = ''] = /@default ((?:(?! \*\/).)+)/.exec(docs) ?? [];
    const [, , cell = '', variable] =
      rows('Options of init()').find(([first]) => first === `\`${name}\``) ?? [];
    // `LOG_LEVEL, else 'info'`
    const [before, names = '', said = ''] = /^((?:[A-Z_]{6,}, )*)(?:else )?(.*)$/.exec(told) ?? [];
    if (names !== '') {
      assert.ok(
        namesOf(variable).some((each) => names.includes(`${each},`)),
        `${name}: ${before}`,
      );
    }
    // A sentence is told in the page's words; a value stands as it is.
    if (!/^(?:'\w+'|\d+|false|none|no limit|\d+ MiB.*|'pretty'.*)$/.test(said.trim())) continue;
    assert.equal(plain(cell), plain(said), name);
    compared += 1;
  }
  assert.ok(compared >= 8, `${compared}`);
});

it("every row's variable has the default that is in force", () => {
  for (const [option = '', , told = '', names] of rows('Options of init()')) {
    const [name = ''] = namesOf(names);
    const [value] = namesOf(variables.find(({ names }) => names.includes(name))?.default);
    const isValue = value !== undefined && !/MiB|json|package/.test(value);
    if (isValue) assert.ok(told.includes(value), `${option}: ${told}, not ${value}`);
  }
});

it('what init() returns', () => {
  assert.deepEqual(
    named('What init() returns')
      .filter((name) => /^\w+$/.test(name))
      .sort(),
    fields(source('telemetry.ts'), 'Telemetry')
      .map(({ name }) => name)
      .sort(),
  );
});

it('the defaults of flush() and shutdown()', () => {
  const finish = source('lifecycle/finish.ts');
  for (const [name, constant] of [
    ['flush', 'FLUSH_MS'],
    ['shutdown', 'SHUTDOWN_MS'],
  ] as const) {
    const ms = Number(new RegExp(`${constant} = ([\\d_]+)`).exec(finish)?.[1]?.replaceAll('_', ''));
    const row = rows('What init() returns').find(([cell]) => cell === `\`${name}\``)?.[1] ?? '';
    assert.ok(row.replaceAll('_', '').includes(`${name}(${ms})`), `${row}, not ${ms}`);
    assert.ok(row.includes(`Default ${ms / 1000} s`), row);
  }
});

it('every field of stats(), and every reason', () => {
  const stats = source('health/stats.ts');
  const inner = (name: string, type: string) =>
    fields(stats, type).map((field) => `${name}.${field.name}`);
  const due = [
    ...fields(stats, 'RecordCounts').map(({ name }) => name),
    ...fields(stats, 'Stats').map(({ name }) => name),
  ].flatMap((name) =>
    name === 'spool'
      ? inner(name, 'SpoolStats')
      : name === 'freeTier'
        ? inner(name, 'FreeTier')
        : [name],
  );
  assert.deepEqual(named('stats()').sort(), due.sort());
  const [, union = ''] = /type DropReason =([^;]+);/.exec(stats) ?? [];
  const reasons = Array.from(union.matchAll(/'(\w+)'/g), ([, reason = '']) => reason);
  assert.ok(reasons.length > 5);
  assert.deepEqual(named('Why a record is dropped').sort(), reasons.sort());
});

it('every metric with its kind and unit', () => {
  const due = [...Object.values(instruments), operationDuration].map(
    ({ name, kind, unit }) => `${name} ${kind} ${unit}`,
  );
  const told = rows('Metrics').map(
    ([name, kind, unit]) => `${namesOf(name)} ${kind} ${namesOf(unit)}`,
  );
  assert.deepEqual(told.sort(), due.sort());
});

it('a field that the page does not have, and a default that is another one, would be seen', () => {
  const text = [
    'export interface Made extends Up {',
    '  /** @default 5 */',
    '  readonly count?: number | undefined;',
    '  readonly inner?:',
    '    | {',
    '        readonly deep?: string | undefined;',
    '      }',
    '    | undefined;',
    '  call(timeoutMs?: number): void;',
    '}',
    '',
  ].join('\n');
  assert.deepEqual(
    fields(text, 'Made').map(({ name }) => name),
    ['count', 'inner.deep', 'call'],
  );
  assert.deepEqual(rows('T', '## T\n\n| a | b |\n|---|---|\n| `x` | 1 \\| 2 |\n\n## U\n| y |\n'), [
    ['`x`', '1 \\| 2'],
  ]);
});
