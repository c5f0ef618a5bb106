// Python with python-logging-loki, from the machine or from Python's package registry.

import { spawnSync } from 'node:child_process';

const asked = 'python-logging-loki==0.3.1';

/** The environment in which Python finds it, or why it cannot be had. `folder` takes what has to be fetched. */
export function pythonLoki(folder: string): Record<string, string> | string {
  const path = process.env.PATH ?? '';
  const python = (args: readonly string[]) =>
    spawnSync('python3', args, { encoding: 'utf8', timeout: 60_000 });
  if (python(['-c', 'import logging_loki']).status === 0) return { PATH: path };
  const quiet = ['--quiet', '--disable-pip-version-check', '--retries', '1'];
  const installed = python(['-m', 'pip', 'install', ...quiet, '--target', folder, asked]);
  if (installed.status === 0) return { PATH: path, PYTHONPATH: folder };
  return installed.error?.message ?? installed.stderr.trim().split('\n').at(-1) ?? 'pip failed';
}
