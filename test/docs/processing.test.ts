import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { renderAlloy } from '../../packages/otel-setup/src/cli/alloy/render.ts';
import { readProcessing } from '../../packages/otel-setup/src/record/processing/read-processing.ts';

const text = ['processing.md', 'processing-in-alloy.md']
  .map((name) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'))
  .join('\n');
const blocks = [...text.matchAll(/```(json|alloy)\n(.*?)\n```/gs)].map(
  ([, language, text = '']) => ({
    language,
    text,
  }),
);

it('every example of a rule is valid, and each Alloy block is what the command prints for the one above', () => {
  let rules = readProcessing({ rules: [] }, 'none').rules;
  for (const { language, text } of blocks) {
    if (language === 'json') {
      const read = readProcessing(JSON.parse(text), 'the example');
      assert.deepEqual(read.problems, [], text);
      rules = read.rules;
    } else {
      const printed = renderAlloy(rules, false).text;
      assert.ok(printed.includes(text), `Not printed:\n${text}\n\nbut:\n${printed}`);
    }
  }
  assert.equal(blocks.filter(({ language }) => language === 'alloy').length, 3);
});
