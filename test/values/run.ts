// `npm run values`: logs every case by otel-setup and by the stock pipeline, and writes docs/values.md and its tables.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoki } from '../real/loki.ts';
import { missing } from '../real/programs.ts';
import { groups } from './cases.ts';
import { collect } from './collect.ts';
import { differenceOf } from './match.ts';
import { pages } from './page.ts';
import { readBack } from './read-back.ts';

const cases = groups.flatMap(({ cases }) => cases);
const problems: string[] = [];

const stock = await collect('stock');
const ours = await collect('ours');
for (const [i, one] of cases.entries()) {
  const arrived = ours[i];
  const difference = arrived === undefined ? 'nothing arrived' : differenceOf(one, arrived);
  if (difference !== undefined) {
    problems.push(`${one.name}: not as expected: ${difference}`);
  }
}

const absent = missing('loki');
if (absent === false) {
  const folder = await mkdtemp(join(tmpdir(), 'otel-setup-values-'));
  const loki = await startLoki(folder);
  try {
    problems.push(...(await readBack(loki)));
  } finally {
    await loki.program.stop();
    await rm(folder, { recursive: true, force: true });
  }
} else {
  process.stdout.write(`Not read back from Loki: it ${absent}.\n`);
}

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
} else {
  for (const [name, text] of pages(ours, stock))
    await writeFile(new URL(`../../docs/${name}`, import.meta.url), text);
  process.stdout.write(`${cases.length} kinds of values and calls in docs/values.md.\n`);
}
