// Tables of other pages that repeat the code: otlp-inbox's options, faults and rules, the rules of redaction, Grafana's files.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { shapes } from '../../packages/otel-setup/src/record/redaction/shapes.ts';
import { parseFault } from '../../packages/otlp-inbox/src/fault-text.ts';
import { defaultLimits } from '../../packages/otlp-inbox/src/loki/limits.ts';
import { rules } from '../real/grafana-files.ts';
import { root } from './page.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The cells of the rows below a head that begins so. */
function table(text: string, head: string): string[][] {
  const [, below = ''] = text.split(`\n${head}`);
  const [rows = ''] = below.slice(below.indexOf('\n|-') + 1).split('\n\n');
  return rows
    .split('\n')
    .slice(1)
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const codes = (cell = ''): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, text = '']) => text);

/** The fields of an interface with a docstring's default. */
function fields(source: string, name: string): Map<string, string | undefined> {
  const [, from = ''] = source.split(`export interface ${name} {\n`);
  const [body = ''] = from.split('\n}\n');
  return new Map(
    Array.from(
      body.matchAll(/(?:^ {2}\/\*\* (.*) \*\/\n)?^ {2}(?:readonly )?(\w+)\??[:(]/gm),
      ([, docs, field = '']) => [field, /@default (.+)$/.exec(docs ?? '')?.[1]] as const,
    ),
  );
}

const inbox = read('packages/otlp-inbox/README.md');
const inboxSource = read('packages/otlp-inbox/src/inbox.ts');

function wrongOptions(page: string): string[] {
  const rows = table(page, '| option | default |');
  const known = fields(inboxSource, 'InboxOptions');
  const told = rows.flatMap(([names]) => codes(names));
  const strange = [
    ...told.filter((name) => !known.has(name)),
    ...[...known.keys()].filter((name) => !told.includes(name)),
  ];
  const defaults = rows.flatMap(([names, cell = '']) => {
    const values = cell.replaceAll(/[`']/g, '').split(', ');
    return codes(names).flatMap((name, at) => {
      const due = known.get(name);
      // The name of its attribute is the second of `none, 'id'`.
      return due === undefined || due === values[at] ? [] : [`${name}: ${values[at]}, not ${due}`];
    });
  });
  return [...strange, ...defaults];
}

function wrongFaults(page: string): string[] {
  const rows = table(page, '| fault | `--fault` |');
  const types = new Set(
    Array.from(
      read('packages/otlp-inbox/src/fault.ts').matchAll(/type: '([\w-]+)'/g),
      ([, type = '']) => type,
    ),
  );
  const told = rows.map(([fault = '']) => /type: '([\w-]+)'/.exec(fault)?.[1] ?? fault);
  const byText = rows.flatMap(([, texts], at) =>
    codes(texts)
      .filter((text) => parseFault(text.replace('URL', 'http://a'))?.type !== told[at])
      .map((text) => `--fault ${text} is not ${told[at]}`),
  );
  return [
    ...told.filter((type) => !types.has(type)),
    ...[...types].filter((type) => !told.includes(type)),
    ...byText,
  ];
}

const units: Readonly<Record<string, number>> = {
  ...{ KiB: 1024, MiB: 1024 ** 2 },
  ...{ days: 86_400_000, hour: 3_600_000, minutes: 60_000, bytes: 1, names: 1 },
};

function wrongRules(page: string): string[] {
  const rows = table(page, '| rule | default |');
  const limits = Object.entries(defaultLimits);
  const told = rows.flatMap(([, cell = '', names]) => {
    // What is off here has Loki's own figure in brackets, and its burst is in force once the rate is set.
    const plain = cell
      .replace(/\*\*off\*\* \(Loki: [^,]+, ([^)]+)\)/, '0, $1')
      .replace(/ \(.*\)/, '');
    const values = plain.split(', ');
    return codes(names).map((name, at) => {
      const [count, unit] = (values[at] ?? '').split(' ');
      return [
        name,
        Number(count) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN)),
      ] as const;
    });
  });
  const known = new Map<string, number>(limits);
  return [
    ...told
      .filter(([name, value]) => known.get(name) !== value)
      .map(([name, value]) => `${name}: ${value}, not ${known.get(name)}`),
    ...limits.filter(([name]) => !told.some(([each]) => each === name)).map(([name]) => name),
  ];
}

it("otlp-inbox's README has its options with their defaults", () => {
  assert.deepEqual(wrongOptions(inbox), []);
});

it("otlp-inbox's README has its faults as the command line takes them", () => {
  assert.deepEqual(wrongFaults(inbox), []);
});

it("otlp-inbox's README has Loki's rules with their figures", () => {
  assert.deepEqual(wrongRules(inbox), []);
});

it("otlp-inbox's README names what an inbox has", () => {
  const named = table(inbox, '| | |').flatMap(([names]) => codes(names));
  const told = named.map((name) => /(?:inbox\.)?(\w+)/.exec(name)?.[1] ?? name);
  assert.deepEqual([...new Set(told)].sort(), [...fields(inboxSource, 'Inbox').keys()].sort());
});

const redactionSources = globSync('packages/otel-setup/src/record/redaction/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map(read)
  .join('\n');

function wrongRedaction(page: string): string[] {
  const told = table(page, '| rule | what goes |').flatMap(([names]) => codes(names));
  const counted = Array.from(
    redactionSources.matchAll(/\brule: '(\w+)'/g),
    ([, rule = '']) => rule,
  );
  const due = new Set([...shapes.map(({ rule }) => rule), ...counted]);
  return [
    ...told.filter((rule) => !redactionSources.includes(`'${rule}'`)),
    ...[...due].filter((rule) => !told.includes(rule)),
  ];
}

it('docs/redaction.md has every rule that stats() counts by', () => {
  assert.deepEqual(wrongRedaction(read('docs/redaction.md')), []);
});

function missingGrafana(page: string): string[] {
  return table(page, '| file | for |')
    .flatMap(([names]) => codes(names))
    .filter((path) => globSync(join('deploy/grafana', path), { cwd: root }).length === 0);
}

it("deploy/grafana's files are those of its README, and its rules as many as it says", () => {
  const page = read('deploy/grafana/README.md');
  assert.deepEqual(missingGrafana(page), []);
  const words = ['nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen'];
  assert.ok(page.includes(`${words[rules.length - 9]} alert rules`), `${rules.length} rules`);
});

it('every page that a notice or a comment of the packages names exists', () => {
  const named = globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((path) =>
    Array.from(read(path).matchAll(/\bdocs\/[a-z-]+\.md\b/g), ([page]) => page),
  );
  assert.ok(named.length > 5, `${named.length}`);
  assert.deepEqual(
    named.filter((page) => globSync(page, { cwd: root }).length === 0),
    [],
  );
});

it('a table with each of these faults is seen', () => {
  const changed = (look: (page: string) => string[], page: string, from: string, to: string) => {
    assert.ok(page.includes(from), from);
    assert.equal(look(page.replace(from, to)).length > 0, true, `${from} -> ${to}`);
  };
  changed(wrongOptions, inbox, '| `strict` |', '| `strickt` |');
  changed(wrongOptions, inbox, '| `seed` | `1` |', '| `seed` | `2` |');
  changed(wrongOptions, inbox, '64 MiB | about', '32 MiB | about');
  changed(wrongFaults, inbox, "type: 'drip'", "type: 'drop'");
  changed(wrongFaults, inbox, '`cut:after`', '`cut:befor`');
  changed(wrongRules, inbox, '256 KiB | `maxLineBytes`', '128 KiB | `maxLineBytes`');
  changed(wrongRules, inbox, '`streamIdleMs`', '`streamIdle`');
  const redaction = read('docs/redaction.md');
  changed(wrongRedaction, redaction, '`npm_token`', '`npm_tokens`');
  const grafana = read('deploy/grafana/README.md');
  changed(missingGrafana, grafana, '`dashboards/otel-setup.json`', '`dashboards/otel.json`');
});
