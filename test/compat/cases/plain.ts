// Plain JavaScript: each module system, each package manager, both ends of winston's range.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, checkThree, runProgram } from '../case.ts';
import type { ManagerName } from '../package-managers.ts';
import type { ProjectSpec } from '../workspace.ts';

const newest = '3.19.0';
const oldest = '3.11.0';

function plain(winston: string, manager: ManagerName = 'npm'): ProjectSpec {
  return { from: 'plain', dependencies: { winston }, manager };
}

function program(name: string, spec: ProjectSpec, ...args: readonly string[]): Case {
  return {
    name,
    run: async (workspace) => {
      const dir = await workspace.project(spec);
      await runProgram({ dir, args, check: checkThree });
    },
  };
}

function winstonAt(version: string): Case {
  const spec = plain(version);
  return {
    name: `winston-${version}`,
    run: async (workspace) => {
      const dir = await workspace.project(spec);
      const found = readFileSync(join(dir, 'node_modules/winston/package.json'), 'utf8');
      assert.equal(JSON.parse(found).version, version);
      for (const file of ['cjs.cjs', 'esm.mjs'])
        await runProgram({ dir, args: [file], check: checkThree });
    },
  };
}

const register = ['--import', 'otel-setup/register'] as const;

export const plainCases: readonly Case[] = [
  program('npm-esm', plain(newest), 'esm.mjs'),
  program('npm-cjs', plain(newest), 'cjs.cjs'),
  program('npm-both-in-one-process', plain(newest), 'both.mjs'),
  program('register-esm', plain(newest), ...register, 'own-logger.mjs'),
  program('register-cjs', plain(newest), ...register, 'own-logger.cjs'),
  program('pnpm-esm', plain(newest, 'pnpm'), 'esm.mjs'),
  program('pnpm-cjs', plain(newest, 'pnpm'), 'cjs.cjs'),
  program('yarn-classic-esm', plain(newest, 'yarn-classic'), 'esm.mjs'),
  program('yarn-classic-cjs', plain(newest, 'yarn-classic'), 'cjs.cjs'),
  program('yarn-berry-esm', plain(newest, 'yarn-berry'), 'esm.mjs'),
  program('yarn-berry-cjs', plain(newest, 'yarn-berry'), 'cjs.cjs'),
  winstonAt(oldest),
  winstonAt(newest),
];
