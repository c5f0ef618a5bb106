// `npm run values`: logs every case by otel-setup and by the stock pipeline, and writes docs/values.md and its tables.

import { writeFile } from 'node:fs/promises';
import { commandFolder, exitAt } from '../command-folder.ts';
import { readOptions } from '../command-options.ts';
import { startLoki } from '../real/loki.ts';
import { missing, Program } from '../real/programs.ts';
import { groups } from './cases.ts';
import { collect } from './collect.ts';
import { differenceOf } from './match.ts';
import { pages } from './page.ts';
import { readBack } from './read-back.ts';

readOptions('npm run values   takes no options; LOKI_BIN names the Loki to read back from', {});
const folder = commandFolder('values');
Program.killAllAtExit();
exitAt('SIGINT', 'SIGTERM');
// What collect() makes is gone with it.
process.env.TMPDIR = folder;

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
  const loki = await startLoki(folder);
  try {
    problems.push(...(await readBack(loki)));
  } finally {
    await loki.program.stop();
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
