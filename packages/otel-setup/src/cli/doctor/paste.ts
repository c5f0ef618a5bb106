// Lines to paste into a shell or a file of variables: each is safe there as it stands.

import { exampleOf } from '../env/examples.ts';
import { quoted } from '../quoted.ts';
import type { Examination, Visit } from './examination.ts';

/** `NAME=value` */
export function setting(name: string, value: string): string {
  return `${name}=${quoted(value)}`;
}

/** With a placeholder where the value cannot be known; none for a name that is none of ours. */
export function example(name: string): string[] {
  const line = exampleOf(name);
  return line === undefined ? [] : [setting(name, line.slice(name.length + 1))];
}

export function authorization(name: string, pair: string): string {
  return setting(name, `Authorization=Basic%20<base64 of ${pair}>`);
}

/** Takes a variable away, where it stands. */
export function removal(name: string, { file }: Visit): string {
  if (file === undefined || process.env[name] !== undefined) return `unset ${name}`;
  return `sed -E -i.bak '/^(export )?${name}=/d' ${quoted(file.path)}`;
}

/** Another command of otel-setup, with the same variables. */
export function command(words: string, { file }: Visit): string {
  const variables = file === undefined ? '' : ` ${file.flag} ${quoted(file.path)}`;
  return `npx otel-setup ${words}${variables}`;
}

/** What a new variable goes into. */
export function variablesFile({ file }: Visit): string {
  return quoted(file?.path ?? '.env');
}

/** A variable that holds a list, with one entry more. */
export function withEntry(name: string, entry: string, { host }: Examination): string {
  const before = host.env[name]?.trim() ?? '';
  return setting(name, before === '' ? entry : `${before},${entry}`);
}
