// `npm run compat [-- --only <name>]`: packs the SDK and tries the tarball as its users will. One line
// a case; the exit code is 1 when any failed. Needs the npm registry for the packages it installs.

import { exitAt } from '../command-folder.ts';
import { readOptions } from '../command-options.ts';
import type { Case } from './case.ts';
import { jestCases } from './cases/jest.ts';
import { plainCases } from './cases/plain.ts';
import { tracingCases } from './cases/tracing.ts';
import { typescriptCases } from './cases/typescript.ts';
import { Workspace } from './workspace.ts';

const all: readonly Case[] = [...plainCases, ...typescriptCases, ...jestCases, ...tracingCases];

function chosen(only: readonly string[]): readonly Case[] {
  const unknown = only.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length === 0)
    return only.length === 0 ? all : all.filter((one) => only.includes(one.name));
  const names = all.map((one) => one.name).join(', ');
  throw new Error(`There is no case ${unknown.join(', ')}. The cases are: ${names}.`);
}

async function tryCase(one: Case, workspace: Workspace): Promise<boolean> {
  const started = performance.now();
  const line = (verdict: string, why = ''): void => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    process.stdout.write(`${verdict.padEnd(6)} ${one.name.padEnd(26)} ${seconds} s${why}\n`);
  };
  try {
    await one.run(workspace);
    line('ok');
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    line('FAILED', `  ${why.replaceAll('\n', '\n       ')}`);
    return false;
  }
}

async function compat(only: readonly string[]): Promise<number> {
  const cases = chosen(only);
  const workspace = new Workspace();
  exitAt('SIGINT', 'SIGTERM');
  await workspace.open();
  let failed = 0;
  for (const one of cases) if (!(await tryCase(one, workspace))) failed += 1;
  process.stdout.write(`${cases.length - failed} of ${cases.length} cases passed.\n`);
  return failed === 0 ? 0 : 1;
}

const values = readOptions(
  `npm run compat [-- --only <name>]   all cases, or these: ${all.map(({ name }) => name).join(', ')}`,
  { only: { type: 'string', multiple: true, default: [] } },
);
try {
  process.exitCode = await compat(values.only);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
