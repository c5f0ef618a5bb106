// `otel-setup spool ...`: from words to a command.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { World } from '../../world.ts';
import { quoted } from '../quoted.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text.ts';
import { UsageError, usageError } from '../usage-error.ts';
import { fileOptions, hostWith, readVariablesFile, type VariablesFile } from '../variables-file.ts';
import { commandHelp, spoolHelp } from './help.ts';
import type { Where } from './places.ts';
import type { PurgeWhat } from './purge.ts';

type Name = keyof typeof commandHelp;

const common = {
  dir: { type: 'string' },
  ...fileOptions,
  help: { type: 'boolean', short: 'h' },
} as const;
const flags: Readonly<Record<Name, ParseArgsOptionsConfig>> = {
  list: { json: { type: 'boolean' } },
  show: {},
  export: { all: { type: 'boolean' }, quarantine: { type: 'boolean' } },
  replay: { route: { type: 'string' }, patience: { type: 'string' } },
  purge: {
    'all-dead': { type: 'boolean' },
    quarantine: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
  },
};

interface Words {
  readonly where: Omit<Where, 'unread'>;
  readonly ids: readonly string[];
  /** Whether a switch was given. */
  has(name: string): boolean;
  text(name: string): string | undefined;
}

export async function runSpool(
  args: readonly string[],
  terminal: Terminal,
  world: World,
): Promise<number> {
  const [first = '--help', ...rest] = args;
  if (first === '--help' || first === '-h' || first === 'help') {
    await terminal.out(spoolHelp);
    return 0;
  }
  if (!isName(first)) {
    const names = Object.keys(commandHelp).join(', ');
    throw new UsageError(`There is no command ${JSON.stringify(first)}; there are ${names}.`);
  }
  const words = readWords(first, rest);
  if (words.has('help')) {
    await terminal.out(commandHelp[first]);
    return 0;
  }
  const found = new Set<string>();
  const unread = (path: string, { message }: Error): void => {
    if (found.has(path)) return;
    found.add(path);
    terminal.tell(`otel-setup: ${printable(`${path} cannot be read: ${message}`)}`);
  };
  const where = { ...words.where, unread };
  const code = await commands[first]({ ...words, where }, terminal, world);
  // `export > file && rm` must not go on for what nobody could see.
  return found.size > 0 ? Math.max(code, 1) : code;
}

function isName(name: string): name is Name {
  return Object.hasOwn(commandHelp, name);
}

function readWords(name: Name, args: string[]): Words {
  try {
    const options: ParseArgsOptionsConfig = { ...common, ...flags[name] };
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    const text = (key: string): string | undefined => {
      const value = values[key];
      return typeof value === 'string' ? value : undefined;
    };
    if (text('dir') === '') throw new UsageError('--dir takes the path of a directory.');
    const where = whereIn(text('dir'), readVariablesFile(text('env'), text('env-file')));
    return { where, ids: positionals, has: (key) => values[key] === true, text };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw usageError(error, `spool ${name}`);
  }
}

function whereIn(dir: string | undefined, file: VariablesFile | undefined): Words['where'] {
  const again = [
    ...(dir === undefined ? [] : [` --dir ${quoted(dir)}`]),
    ...(file === undefined ? [] : [` ${file.flag} ${quoted(file.path)}`]),
  ];
  return { dir, host: hostWith(file), again: again.join('') };
}

type Placed = Words & { readonly where: Where };
type Command = (words: Placed, terminal: Terminal, world: World) => Promise<number>;

// Each is loaded when it is called: --help answers at once.
const commands: Readonly<Record<Name, Command>> = {
  async list(words, terminal, world) {
    noId(words);
    const { listSpool } = await import('./list.ts');
    return await listSpool({ where: words.where, json: words.has('json') }, terminal, world);
  },
  async show(words, terminal, world) {
    const id = oneId(words);
    if (id === undefined) throw new UsageError('Which one? npx otel-setup spool show <id>');
    const { showDirectory } = await import('./show.ts');
    return await showDirectory({ where: words.where, id }, terminal, world);
  },
  async export(words, terminal, world) {
    const id = oneId(words);
    const isAll = words.has('all') || words.has('quarantine');
    if ((id === undefined) === !isAll || (id !== undefined && words.has('all'))) {
      throw new UsageError('Which records? npx otel-setup spool export <id>, or --all');
    }
    const { exportSpool } = await import('./export.ts');
    return await exportSpool(
      { where: words.where, id, quarantine: words.has('quarantine') },
      terminal,
      world,
    );
  },
  async replay(words, terminal, world) {
    noId(words);
    const patienceMs = secondsIn(words.text('patience') ?? '60') * 1000;
    const { replaySpool } = await import('./replay.ts');
    const options = { where: words.where, route: routeIn(words), patienceMs };
    return await replaySpool(options, terminal, world);
  },
  async purge(words, terminal, world) {
    const { purgeSpool } = await import('./purge.ts');
    const options = { where: words.where, what: whatIn(words), yes: words.has('yes') };
    return await purgeSpool(options, terminal, world);
  },
};

function oneId({ ids }: Words): string | undefined {
  if (ids.length > 1) throw new UsageError('One id at a time.');
  return ids[0];
}

function noId({ ids }: Words): void {
  if (ids.length > 0) {
    throw new UsageError(`${JSON.stringify(ids[0])} is too much. A directory is named by --dir.`);
  }
}

function routeIn(words: Words): 'direct' | 'alloy' | undefined {
  const route = words.text('route');
  if (route === undefined || route === 'direct' || route === 'alloy') return route;
  throw new UsageError(`--route is "direct" or "alloy", not ${JSON.stringify(route)}.`);
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds > 0 && seconds <= 86_400) return seconds;
  throw new UsageError(`--patience is seconds, from 1 to 86400, not ${JSON.stringify(text)}.`);
}

function whatIn(words: Words): PurgeWhat {
  const id = oneId(words);
  const given: PurgeWhat[] = [
    ...(id === undefined ? [] : [{ type: 'directory' as const, id }]),
    ...(words.has('all-dead') ? [{ type: 'all-dead' as const }] : []),
    ...(words.has('quarantine') ? [{ type: 'quarantine' as const }] : []),
  ];
  const [what] = given;
  if (what !== undefined && given.length === 1) return what;
  throw new UsageError('Remove what? One of: <id>, --all-dead, --quarantine');
}
