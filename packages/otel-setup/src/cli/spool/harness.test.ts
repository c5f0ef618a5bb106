// Spools as killed processes leave them, and the command as a process. No tests of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const burst = fileURLToPath(new URL('../../../../../test/programs/burst.ts', import.meta.url));
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
// Node before 22.18 needs to be asked for types to be stripped.
const strip = process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')
  ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  : [];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place of its own for a test, removed at its end. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that has logged `count` records nobody took, and lives. */
export async function startLogging(
  t: TestContext,
  folder: string,
  count: number,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...strip, burst, String(count)], {
    env: {
      ...bare(folder),
      LOG_ROUTE: 'alloy',
      // Nobody listens on the port of "discard".
      ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_SERVICE_NAME: 'shop',
      LOG_CONSOLE: 'off',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'close').then(() => Promise.reject(new Error('The program ended at once.'))),
  ]);
  return child;
}

/** The path of the directory that a killed process left. */
export async function leaveSpool(t: TestContext, folder: string, count: number): Promise<string> {
  const child = await startLogging(t, folder, count);
  child.kill('SIGKILL');
  await once(child, 'close');
  const place = placeIn(folder);
  return join(place, readdirSync(place)[0] ?? '');
}

/** `<root>/v1/<service>` of the one service there. */
export function placeIn(folder: string): string {
  const root = join(folder, 'spool', 'v1');
  return join(root, readdirSync(root)[0] ?? '');
}

export async function command(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  /** As whom; else as whoever runs the test. */
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...strip, main, ...args], {
    env: { ...bare(folder), ...env },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function bare(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LOG_SPOOL_DIR: join(folder, 'spool'),
  };
}
