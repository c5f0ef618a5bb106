// Jest: CommonJS, a module registry and a global object for each test file. It must end by itself,
// in one process and with workers, and what its test files logged must arrive: at once where the file
// flushes; else with the next start, because under Jest `process` is a copy that sees no exit.

import assert from 'node:assert/strict';
import { type Case, runProgram } from '../case.ts';
import type { ProjectSpec } from '../workspace.ts';

const spec: ProjectSpec = {
  from: 'jest',
  dependencies: { winston: '3.19.0', jest: 'latest' },
};

const complaints =
  /did not exit|failed to exit gracefully|open handle|after the Jest environment has been torn down|Cannot log after tests/;

function underJest(name: string, ...flags: readonly string[]): Case {
  return {
    name,
    run: async (workspace) => {
      const dir = await workspace.project(spec);
      await runProgram({
        dir,
        args: ['node_modules/jest/bin/jest.js', ...flags],
        next: ['next-start.cjs'],
        check: (records, { stdout, stderr }) => {
          assert.doesNotMatch(`${stdout}${stderr}`, complaints);
          const files = records.map(({ record }) => String(record.attributes.file ?? 'error'));
          assert.deepEqual(files.sort(), ['error', 'flushed', 'unflushed']);
        },
      });
    },
  };
}

export const jestCases: readonly Case[] = [
  underJest('jest-in-band', '--runInBand'),
  underJest('jest-workers', '--maxWorkers=2'),
];
