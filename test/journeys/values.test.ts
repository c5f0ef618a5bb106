// Every kind of value and call of docs/values.md through init() and over the wire; and the page is what they become.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { groups } from '../values/cases.ts';
import { type Arrived, collect } from '../values/collect.ts';
import { differenceOf } from '../values/match.ts';
import { pages } from '../values/page.ts';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

describe('a value that is logged', () => {
  let ours: Arrived[];
  before(async () => {
    ours = await collect('ours');
  });

  let at = 0;
  for (const { title, cases } of groups) {
    describe(title, () => {
      for (const one of cases) {
        const i = at++;
        it(`arrives as documented: ${one.name}`, () => {
          const arrived = ours[i];
          assert.ok(arrived !== undefined);
          const sent = arrived.records.map(({ record: { body, attributes } }) => [
            body,
            attributes,
          ]);
          assert.equal(differenceOf(one, arrived), undefined, JSON.stringify(sent, withBigInt));
        });
      }
    });
  }

  it('is in docs/values-*.md as it arrives, beside what the stock pipeline makes of it (`npm run values`)', async () => {
    const due = pages(ours, await collect('stock'));
    const rows = [...due.values()].flatMap((text) => text.match(/^\| .* \| `.*$/gm) ?? []);
    assert.equal(rows.length, groups.flatMap(({ cases }) => cases).length, 'a row for each case');
    for (const [name, text] of due) {
      const written = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
      assert.equal(written, text, name);
    }
  });
});

it('a stack is mapped to its source as Node prints it', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  const ended = await runProgram(t, 'mapped.cjs', {
    nodeArgs: ['--enable-source-maps'],
    env: {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: inbox.url,
      LOG_CONSOLE: 'off',
    },
  });
  assert.equal(ended.code, 0, ended.stderr);
  const stack = String(inbox.records[0]?.record.attributes['exception.stacktrace']);
  assert.match(stack, /^RangeError: too far\n {4}at .*shop\.ts:100:1/);
});

function withBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
