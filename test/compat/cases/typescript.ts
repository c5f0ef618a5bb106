// TypeScript 5.9 consumers: type-checked with `skipLibCheck: false`, compiled, and run.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, checkThree, runProgram } from '../case.ts';
import { mustRun } from '../child.ts';
import type { ProjectSpec } from '../workspace.ts';

const spec: ProjectSpec = {
  from: 'typescript',
  dependencies: { winston: '3.19.0', typescript: '5.9.3', '@types/node': '22.20.5' },
};

interface Setting {
  readonly type: 'module' | 'commonjs';
  readonly module: string;
  readonly moduleResolution: string;
}

const settings: Readonly<Record<string, Setting>> = {
  'typescript-esm-node16': { type: 'module', module: 'node16', moduleResolution: 'node16' },
  'typescript-esm-nodenext': { type: 'module', module: 'nodenext', moduleResolution: 'nodenext' },
  'typescript-esm-bundler': { type: 'module', module: 'esnext', moduleResolution: 'bundler' },
  'typescript-cjs-node10': { type: 'commonjs', module: 'commonjs', moduleResolution: 'node10' },
  'typescript-cjs-node16': { type: 'commonjs', module: 'node16', moduleResolution: 'node16' },
  'typescript-cjs-nodenext': { type: 'commonjs', module: 'nodenext', moduleResolution: 'nodenext' },
};

function write(dir: string, name: string, content: object): void {
  writeFileSync(join(dir, name), JSON.stringify(content, null, 2));
}

function compileAndRun(name: string, { type, ...resolution }: Setting): Case {
  return {
    name,
    run: async (workspace) => {
      const installed = await workspace.project(spec);
      const dir = join(installed, name);
      mkdirSync(dir);
      writeFileSync(join(dir, 'app.ts'), readFileSync(join(installed, 'app.ts')));
      write(dir, 'package.json', { name, type });
      write(dir, 'tsconfig.json', {
        compilerOptions: {
          ...resolution,
          target: 'es2022',
          outDir: 'out',
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          types: ['node'],
        },
        files: ['app.ts'],
      });
      await mustRun(process.execPath, [join(installed, 'node_modules/typescript/bin/tsc')], {
        cwd: dir,
      });
      await runProgram({ dir, args: ['out/app.js'], check: checkThree });
    },
  };
}

export const typescriptCases: readonly Case[] = Object.entries(settings).map(([name, setting]) =>
  compileAndRun(name, setting),
);
