// How a project is installed by each package manager that the SDK's users have. The managers come
// from the registry into the run's own directory, and keep their stores there.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './child.ts';
import { npm } from './npm.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn-classic' | 'yarn-berry';

interface Manager {
  readonly spec: string;
  readonly script: string;
  readonly args: (dir: string) => readonly string[];
  readonly prepare?: (project: string, dir: string) => void;
}

const managers: Readonly<Record<Exclude<ManagerName, 'npm'>, Manager>> = {
  pnpm: {
    spec: 'pnpm@latest',
    script: 'pnpm/bin/pnpm.mjs',
    args: (dir) => ['install', '--store-dir', join(dir, 'store'), '--reporter', 'append-only'],
  },
  'yarn-classic': {
    spec: 'yarn@1.22.22',
    script: 'yarn/bin/yarn.js',
    args: (dir) => ['install', '--non-interactive', '--cache-folder', join(dir, 'cache')],
  },
  'yarn-berry': {
    spec: '@yarnpkg/cli-dist@latest',
    script: '@yarnpkg/cli-dist/bin/yarn.js',
    args: () => ['install', '--no-immutable'],
    prepare: (project, dir) => {
      const settings = [
        'nodeLinker: node-modules',
        'enableTelemetry: false',
        `globalFolder: ${dir}/global`,
      ];
      writeFileSync(join(project, '.yarnrc.yml'), `${settings.join('\n')}\n`);
      // Without a lock file of its own, yarn looks for a project further up.
      writeFileSync(join(project, 'yarn.lock'), '');
    },
  },
};

export async function install(
  name: ManagerName,
  project: string,
  workspace: string,
): Promise<void> {
  if (name === 'npm') {
    await npm(['install', '--no-fund', '--no-audit'], { cwd: project });
    return;
  }
  const manager = managers[name];
  const dir = join(workspace, name);
  const script = join(dir, 'node_modules', manager.script);
  if (!existsSync(script)) {
    await npm(['install', '--prefix', dir, '--no-fund', '--no-audit', manager.spec], {
      cwd: workspace,
    });
  }
  manager.prepare?.(project, dir);
  await mustRun(process.execPath, [script, ...manager.args(dir)], {
    cwd: project,
    env: { ...process.env, COREPACK_ENABLE_STRICT: '0' },
    timeoutMs: 300_000,
  });
}
