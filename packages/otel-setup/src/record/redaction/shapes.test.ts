import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { RE2JS } from 're2js';
import { createRedactor } from './redactor.ts';
import { shapes } from './shapes.ts';

const filler = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${filler}`;

/** A whole secret by its start, where it is not the start and 32 letters and digits. */
const examples: Readonly<Record<string, string>> = {
  eyJ: jwt,
  AKIA: 'AKIAIOSFODNN7EXAMPLE',
  ASIA: 'ASIAIOSFODNN7EXAMPLE',
  'Basic ': 'Basic YWRhOmxvdmVsYWNl',
  'basic ': 'basic YWRhOmxvdmVsYWNl',
  'BASIC ': 'BASIC YWRhOmxvdmVsYWNl',
  ghs_: `ghs_${jwt}`,
  'SG.': `SG.${filler.slice(0, 22)}.${filler}`,
  npm_: `npm_${filler}aB3d`,
  AIza: `AIza${filler}abc`,
  'hooks.slack.': `hooks.slack.com/services/T00000000/B00000000/${filler}`,
  LS0tLS1CRUdJTiB: `LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ${filler}`,
  hf_: `hf_${filler}ab`,
  dop_v1_: `dop_v1_${filler}${filler}`,
  lin_api_: `lin_api_${filler}abcdefgh`,
  'pypi-': `pypi-AgE${filler}${filler}`,
  'NRAK-': `NRAK-${filler.slice(0, 27)}`,
  'AGE-SECRET-KEY-': `AGE-SECRET-KEY-1${filler}${filler.slice(0, 26)}`,
  'GOCSPX-': `GOCSPX-${filler.slice(0, 28)}`,
};

describe('shapes', () => {
  for (const shape of shapes) {
    for (const start of shape.starts) {
      const example = examples[start] ?? `${start}${filler}`;

      it(`${start} the whole secret goes, and nothing beside it`, () => {
        const rules: string[] = [];
        const redactor = createRedactor({ censor: '[gone]' }, (rule) => rules.push(rule));
        assert.equal(redactor?.text(`sent ${example} ok`), 'sent [gone] ok');
        assert.deepEqual(rules, [shape.rule]);
      });

      it(`${start} behind an escape it is one as well, and behind a letter none`, () => {
        const redactor = createRedactor({ censor: '[gone]' }, () => undefined);
        for (const before of [
          '\\n',
          '\\\\t',
          '\\u003d',
          '%20',
          '%253D',
          '\u001b[1;31m',
          '\\x1b[31m',
        ]) {
          assert.equal(redactor?.text(`"a${before}${example} ok"`), `"a${before}[gone] ok"`);
        }
        for (const before of ['n', '%n', 'u003d', '32m']) {
          const run = `${before}${start}${example.slice(start.length)}`;
          assert.ok(redactor?.text(run).startsWith(`${before}${start}`), before);
        }
      });

      it(`${start} RE2, which Alloy uses, takes the same`, () => {
        const matcher = RE2JS.compile(shape.pattern).matcher(`sent ${example} ok`);
        assert.ok(matcher.find());
        assert.equal(matcher.group(), example);
      });
    }
  }

  it('docs/redaction.md names every rule', () => {
    const page = readFileSync(new URL('../../../../../docs/redaction.md', import.meta.url), 'utf8');
    const missing = shapes.map(({ rule }) => rule).filter((rule) => !page.includes(`\`${rule}\``));
    assert.deepEqual([...new Set(missing)], []);
  });
});
