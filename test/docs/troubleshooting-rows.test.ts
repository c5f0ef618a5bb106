// docs/troubleshooting.md has each code in the row that tells of it: by the answer's status, by the words that the row
// quotes, and by the words that row and notice share.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import type { ServerAnswer } from '../../packages/otel-setup/src/deliver/answer.ts';
import { judge } from '../../packages/otel-setup/src/deliver/outcome.ts';
import { troubles } from '../../packages/otel-setup/src/deliver/trouble.ts';
import { cases } from '../doctor/cases.ts';
import { root } from './page.ts';

interface Row {
  readonly codes: readonly string[];
  /** What stands beside the codes in the first cell, then cause and fix. */
  readonly cells: readonly [string, string, string];
}

const code = /\bOTEL_SETUP_[A-Z_]*[A-Z]\b/g;

function rowsOf(page: string): Row[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `OTEL_SETUP_'))
    .map((line) => {
      const [, first = '', cause = '', fix = ''] = line.split(/(?<!\\)\|/);
      return {
        codes: first.match(code) ?? [],
        cells: [first.replaceAll(/`OTEL_SETUP_\w+`/g, ''), cause, fix],
      };
    });
}

const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const sources = globSync('packages/otel-setup/src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({
    isSpool: path.includes('/spool/'),
    lines: readFileSync(join(root, path), 'utf8').split('\n'),
  }));

/** Each case of the doctor as it is written, with its code. */
const caseTexts = readFileSync(join(root, 'test/doctor/cases.ts'), 'utf8')
  .split(/^ {4}name: /m)
  .map((text) => ({ text, code: /^ {4}code: '(\w+)'/m.exec(text)?.[1] ?? '' }));

/** What the notices about the endpoint say, on either route. */
function troublesOf(name: string): string {
  const settings = { url: 'URL', credentials: 'CREDENTIALS' };
  return Object.values(troubles)
    .filter(({ code }) => code === name)
    .flatMap(({ what, fix }) => [
      what,
      ...['direct', 'alloy'].map((routeName) =>
        fix({ origin: 'https://a.example', settings, routeName }, ''),
      ),
    ])
    .join('\n');
}

const known = new Map<string, string>();

/** What the source says of the code: its words for the endpoint, or the lines around; and the doctor's cases. */
function around(name: string): string {
  const found = known.get(name) ?? lookAround(name);
  known.set(name, found);
  return found;
}

function lookAround(name: string): string {
  const told = caseTexts.filter(({ code }) => code === name).map(({ text }) => text);
  const ofTrouble = troublesOf(name);
  if (ofTrouble !== '') return [ofTrouble, ...told].join('\n');
  const ofSpool = name.replace('OTEL_SETUP_SPOOL_', '');
  const literal = new RegExp(`['\`]${name}['\`]|\\b${name}:`);
  const state = new RegExp(`'${ofSpool}'|^ +${ofSpool.toLowerCase()}: [\`']`);
  const parts = sources.flatMap(({ isSpool, lines }) =>
    lines.flatMap((line, at) =>
      literal.test(line) || (isSpool && state.test(line))
        ? [lines.slice(Math.max(0, at - 16), at + 16).join('\n')]
        : [],
    ),
  );
  return [...parts, ...told].join('\n');
}

/** The status and the server's words in the first cell: `401: no org id`, 530. */
function statusOf({ cells: [first] }: Row): { status: number; words: string } | undefined {
  const [, status, words = ''] = /\b([2-5]\d\d)\b(?:: ([^`]+)`)?/.exec(first) ?? [];
  return status === undefined ? undefined : { status: Number(status), words };
}

function wrongByStatus(row: Row): boolean {
  const said = statusOf(row);
  if (said === undefined) return false;
  const answer: ServerAnswer = {
    ...{ type: 'answer', status: said.status, cut: false, wireBytes: 0 },
    headers: { contentType: 'text/plain', retryAfter: undefined, date: undefined },
    body: Buffer.from(said.words),
  };
  const outcome = judge(answer, 0);
  const codes = 'trouble' in outcome ? [troubles[outcome.trouble].code] : [];
  return !row.codes.some((name) => codes.some((judged) => judged === name));
}

/** What Node's errors about certificates are called. */
const certificates = readFileSync(join(root, 'packages/otel-setup/src/deliver/failure.ts'), 'utf8');

const words = (text: string): string[] => text.match(/[\w-]{4,}/g) ?? [];

/** Quoted in the first cell, and told neither near the code nor in a case of it. */
function strangeQuotes({ codes, cells: [first] }: Row): string[] {
  const quoted = Array.from(first.matchAll(/`([^`]+)`/g), ([, text = '']) => text);
  const says = cases
    .filter(({ code: name }) => codes.includes(name))
    .flatMap(({ says, application }) => [...says, ...(application?.says ?? [])]);
  const ofTls = codes.includes('OTEL_SETUP_TLS') ? certificates : '';
  const text = [ofTls, ...codes.map(around), ...says.map(({ source }) => source)].join('\n');
  const isTold = (part: string) => words(part).every((word) => text.includes(word));
  // What stands behind a status are the server's words, and in brackets a part that is filled in.
  const parts = quoted
    .filter((each) => !/^\d/.test(each))
    .map((each) => each.replace(/\(.*\)/, ''));
  const isElsewhere = codes.some((name) => elsewhere.has(name));
  return isElsewhere ? [] : parts.filter((part) => !isTold(part));
}

const common = new Set(
  'about after which there where record logs other their service server itself otel setup'.split(
    ' ',
  ),
);

function stems(text: string): Set<string> {
  const long = text.toLowerCase().match(/[a-z]{5,}/g) ?? [];
  return new Set(long.filter((word) => !common.has(word)).map((word) => word.slice(0, 5)));
}

/** How much of the row's words its notice has, too: 0 to 1. */
function shared({ cells }: Row, name: string): number {
  const own = stems(cells.join(' ').replace(code, ''));
  const notice = stems(around(name));
  return own.size === 0 ? 1 : [...own].filter((stem) => notice.has(stem)).length / own.size;
}

/** Rows whose notice is put together elsewhere, and those of a word or two. */
const elsewhere = new Set([
  'OTEL_SETUP_ENDPOINT_REPAIRED',
  'OTEL_SETUP_LOKI_MIGRATION',
  'OTEL_SETUP_STARTED',
  'OTEL_SETUP_SERVICE_NAME',
  'OTEL_SETUP_CLOSING',
  'OTEL_SETUP_REJECTED_ENTRIES',
]);

const isStranger = (row: Row): boolean =>
  row.codes.every((name) => !elsewhere.has(name) && shared(row, name) < 0.25);

function problems(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => [
    ...(wrongByStatus(row) ? [`${row.codes}: another code has this status`] : []),
    ...strangeQuotes(row).map((quote) => `${row.codes}: "${quote}" is not what it says`),
    ...(isStranger(row) ? [`${row.codes}: its notice is about something else`] : []),
  ]);
}

const rows = rowsOf(page);

it('each code stands in the row that tells of it', () => {
  assert.ok(rows.length > 90, `${rows.length}`);
  assert.deepEqual(problems(rows), []);
});

/** Of the rows of two codes, with the one in place of the other. */
function exchanged(one: string, other: string): string[] {
  const swapped = (name: string) => (name === one ? other : name === other ? one : name);
  return problems(
    rows
      .filter(({ codes }) => codes.includes(one) || codes.includes(other))
      .map(({ codes, cells }) => ({ codes: codes.map(swapped), cells })),
  );
}

it('two codes that are exchanged are seen', () => {
  assert.notDeepEqual(exchanged('OTEL_SETUP_UNAUTHORIZED', 'OTEL_SETUP_NOT_FOUND'), []);
  assert.notDeepEqual(exchanged('OTEL_SETUP_WRONG_ZONE', 'OTEL_SETUP_BLOCKED'), []);
  assert.notDeepEqual(exchanged('OTEL_SETUP_TLS', 'OTEL_SETUP_DNS'), []);
  const all = [...new Set(rows.flatMap(({ codes }) => (codes.length === 1 ? codes : [])))];
  // Each with the one that stands seven rows below.
  const pairs = all.slice(0, -7).map((name, at) => [name, all[at + 7] ?? ''] as const);
  const seen = pairs.filter(([one, other]) => exchanged(one, other).length > 0);
  assert.ok(seen.length > 0.8 * pairs.length, `${seen.length} of ${pairs.length}`);
});
