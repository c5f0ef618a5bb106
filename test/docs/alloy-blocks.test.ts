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
    text.matchAll(/\b((?:otelcol|loki|discovery|local|prometheus|remote)(?:\.\w+)+)(?![.\w]| ")/g),
    ([, name = '']) => name,
  );
  return defined.size > 0 && used.every((name) => [...defined].some((own) => name.startsWith(own)));
}

/** What Alloy has against a text; undefined where it has nothing. */
function refusal(folder: string, text: string): string | undefined {
  const file = join(folder, 'block.alloy');
  writeFileSync(file, `${text}\n`);
  const whole = isWhole(text);
  const args = whole ? ['validate', '--stability.level=public-preview', file] : ['fmt', file];
  const { status, stderr } = spawnSync(alloyProgram ?? '', args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${whole ? 'validate' : 'fmt'}: ${stderr}`;
}

const needsAlloy = { skip: missing('alloy') };

it('Alloy reads every block that is written for it', needsAlloy, (t) => {
  const folder = temporaryFolder(t);
  const refused = readPages().flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === 'alloy')
      .map(({ text, line }) => ({ place: `${path}:${line}`, told: refusal(folder, text) }))
      .filter(({ told }) => told !== undefined),
  );
  assert.deepEqual(refused, []);
});

it(
  'a fragment that cannot be parsed and a whole that is not valid are refused',
  needsAlloy,
  (t) => {
    const folder = temporaryFolder(t);
    const exporter =
      'otelcol.exporter.otlphttp "cloud" {\n  client {\n    endpoint = "http://a"\n  }\n}';
    assert.equal(refusal(folder, exporter), undefined);
    assert.match(refusal(folder, exporter.replace('endpoint', 'endpiont')) ?? '', /^validate: /);
    const fragment = 'output {\n  logs = [otelcol.exporter.otlphttp.cloud.input]\n}';
    assert.equal(refusal(folder, fragment), undefined);
    assert.match(refusal(folder, fragment.replace(']', '')) ?? '', /^fmt: /);
  },
);
