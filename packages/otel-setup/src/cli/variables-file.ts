// Variables of a file, for commands that are called without the application's environment.

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Host, readHost } from '../config/host.ts';
import { UsageError } from './usage-error.ts';

/** `--env-file` is also a flag of Node, which looks for the file first and ends where it is missing. */
export const fileOptions = { env: { type: 'string' }, 'env-file': { type: 'string' } } as const;

export interface VariablesFile {
  /** As it was called by. */
  readonly flag: '--env' | '--env-file';
  readonly path: string;
  readonly env: Host['env'];
}

export function readVariablesFile(
  env: string | undefined,
  envFile: string | undefined,
): VariablesFile | undefined {
  const path = env ?? envFile;
  if (path === undefined) return undefined;
  const flag = env === undefined ? '--env-file' : '--env';
  try {
    // A pipe would wait for its writer.
    if (!statSync(resolve(path)).isFile()) throw new Error('it is no file');
    return { flag, path, env: parseEnv(readFileSync(resolve(path), 'utf8')) };
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${flag} ${path} cannot be read: ${message}`, { cause: error });
  }
}

/** Variables that are set already win, as with `node --env-file`. */
export function hostWith(file: VariablesFile | undefined): Host {
  const host = readHost();
  const set = Object.entries(host.env).filter(([, value]) => value !== undefined);
  return { ...host, env: { ...file?.env, ...Object.fromEntries(set) } };
}
