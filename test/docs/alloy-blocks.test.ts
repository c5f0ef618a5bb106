// Every block of Alloy's language in a page is read by the real Alloy: a fragment parsed, a whole configuration validated.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { temporaryFolder } from '../journeys/program.ts';
import { alloyProgram, missing } from '../real/programs.ts';
import { readPages } from './page.ts';

/** Nothing in it refers to a component that stands elsewhere, and it is more than arguments. */
function isWhole(text: string): boolean {
  const defined = new Set(
    Array.from(text.matchAll(/^([a-z_]+(?:\.[a-z_0-9]+)+) "(\w+)" \{/gm), ([, name, label]) =>
      [name, label].join('.'),
    ),
  );
  const used = Array.from(
    text.matchAll(/\b((?:otelcol|loki|discovery|local|prometheus|remote)(?:\.\w+)+)\b(?! ")/g),
    ([, name = '']) => name,
  );
  return defined.size > 0 && used.every((name) => [...defined].some((own) => name.startsWith(own)));
}

it('Alloy reads every block that is written for it', { skip: missing('alloy') }, (t) => {
  const folder = temporaryFolder(t);
  const refused: string[] = [];
  const blocks = readPages().flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === 'alloy')
      .map(({ text, line }) => ({ text, place: `${path}:${line}` })),
  );
  for (const [index, { text, place }] of blocks.entries()) {
    const file = join(folder, `${index}.alloy`);
    writeFileSync(file, `${text}\n`);
    const whole = isWhole(text);
    const args = whole ? ['validate', '--stability.level=public-preview', file] : ['fmt', file];
    const { status, stderr } = spawnSync(alloyProgram ?? '', args, { encoding: 'utf8' });
    if (status !== 0) refused.push(`${place} ${whole ? 'whole' : 'fragment'}: ${stderr}`);
  }
  assert.deepEqual(refused, []);
});
