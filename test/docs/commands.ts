// The commands that pages give: which are known, and what a known one may be told.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contenderNames } from '../../bench/contender.ts';
import { questionNames } from '../../bench/question.ts';
import { jestCases } from '../compat/cases/jest.ts';
import { plainCases } from '../compat/cases/plain.ts';
import { tracingCases } from '../compat/cases/tracing.ts';
import { typescriptCases } from '../compat/cases/typescript.ts';
import { type Need, root } from './page.ts';
import type { Command } from './shell.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts;
const locked = Object.keys(
  (JSON.parse(read('package-lock.json')) as { packages: object }).packages,
);

/** What `-- --only` takes, by the script. */
const only: Readonly<Record<string, () => readonly string[]>> = {
  torture: () =>
    globSync('test/torture/*.test.ts', { cwd: root }).flatMap((path) =>
      Array.from(read(path).matchAll(/'([ST]\d\d)'/g), ([, id = '']) => id),
    ),
  real: () =>
    Array.from(read('test/real/run.ts').matchAll(/^ {2}\['([\w-]+)', ['"]/gm), ([, id = '']) => id),
  bench: () => [...contenderNames, ...questionNames],
  compat: () =>
    [...plainCases, ...typescriptCases, ...jestCases, ...tracingCases].map(({ name }) => name),
};

/** The flags of a script, as its file gives them to parseArgs() or readOptions(), which adds one. */
function flagsOf(script: string): string[] {
  const [, file = ''] = /node (\S+)$/.exec(scripts[script] ?? '') ?? [];
  const source = file.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
  const beside = script === 'bench' ? 'bench/plan.ts' : source;
  const text = read(beside);
  const flags = Array.from(
    text.matchAll(/[\s{]'?([\w-]+)'?: \{ type: '(?:string|boolean)'/g),
    ([, flag = '']) => `--${flag}`,
  );
  return text.includes('readOptions(') ? ['--help', ...flags] : flags;
}

function npmRun([script = '', ...rest]: readonly string[]): string | undefined {
  if (!(script in scripts)) return `there is no script ${script}`;
  if (rest.length === 0) return undefined;
  if (rest[0] !== '--') return `${script} takes nothing without --`;
  const flags = flagsOf(script);
  const strange = rest.filter((word) => /^--\w/.test(word) && !flags.includes(word));
  if (strange.length > 0) return `${script} has no ${strange.join(' ')}`;
  const at = rest.indexOf('--only');
  const chosen = at < 0 ? [] : (rest[at + 1] ?? '').split(',');
  const known = only[script]?.() ?? [];
  const unknown = chosen.filter((name) => !/^<.*>$/.test(name) && !known.includes(name));
  return unknown.length === 0 ? undefined : `${script} has no ${unknown.join(' ')}`;
}

const isPackage = (name: string): boolean =>
  name.startsWith('-') ||
  /\/otel-setup-[\d.]+\.tgz$/.test(name) ||
  ['otel-setup', 'otlp-inbox'].includes(name) ||
  locked.some((path) => path.endsWith(`node_modules/${name}`));

const npmCommands: Readonly<Record<string, (words: readonly string[]) => string | undefined>> = {
  run: npmRun,
  ...Object.fromEntries(
    ['install', 'uninstall', 'ls', 'dedupe'].map((name) => [
      name,
      (words: readonly string[]) => words.find((word) => !isPackage(word)),
    ]),
  ),
  ...Object.fromEntries(
    ['ci', 'test', 'start'].map((name) => [name, ([more]: readonly string[]) => more]),
  ),
  init: ([flag]) => (flag === '-y' ? undefined : `${flag}`),
  pkg: (words) => (/^set \w+=\w+$/.test(words.join(' ')) ? undefined : words.join(' ')),
  publish: ([flag]) => (flag === '--provenance' ? undefined : `${flag}`),
};

/** Flags and files of Node's command line; behind the program's name everything is the program's. */
function node(words: readonly string[]): string | undefined {
  const [first = '', ...rest] = words;
  if (!first.startsWith('-')) return undefined;
  const [flag = ''] = first.split('=');
  if (flag === '--env-file') return node(first.includes('=') ? rest : rest.slice(1));
  if (flag === '--import') {
    const [what = '', ...more] = rest;
    const isKnown = what === 'otel-setup/register' || what.startsWith('./');
    return isKnown ? node(more) : `--import ${what}`;
  }
  if (flag === '--enable-source-maps') return node(rest);
  if (flag !== '--test') return `node has no ${first} that is known here`;
  return rest.find((file) => globSync(file, { cwd: root }).length === 0);
}

const npxCommands = ['otel-setup', 'otlp-inbox', 'node', 'biome'];

/** Those of `alloy run` and `alloy validate` that pages may name; a test asks the real one whether it knows them. */
export const alloyFlags = [
  '--stability.level',
  '--storage.path',
  '--server.http.listen-addr',
] as const;

const verbs =
  (...known: readonly string[]) =>
  ([verb = '']: readonly string[]): string | undefined =>
    known.includes(verb) ? undefined : verb;

const programs: Readonly<Record<string, (words: readonly string[]) => string | undefined>> = {
  npm: ([name = '', ...words]) =>
    npmCommands[name] === undefined ? name : npmCommands[name](words),
  npx: ([name = '', ...words]) => {
    if (!npxCommands.includes(name)) return name;
    return name === 'node' ? node(words) : undefined;
  },
  node,
  git: verbs('grep', 'tag', 'push', 'clone'),
  alloy: ([verb = '', ...words]) =>
    verbs('run', 'validate')([verb]) ??
    words.find(
      (word) => word.startsWith('-') && !alloyFlags.some((flag) => word.startsWith(`${flag}=`)),
    ),
  docker: ([verb = '', ...words]) =>
    verb === 'compose'
      ? verbs('up', 'kill', 'start', 'down', 'logs')(words)
      : verbs('run', 'compose', 'build')([verb]),
  fly: verbs(
    ...['apps', 'volumes', 'secrets', 'deploy', 'ssh', 'logs', 'status', 'launch', 'ips'],
    ...['machine', 'scale'],
  ),
  kubectl: ([verb = '', value = '', ...words]) =>
    verb === '--namespace' || verb === '-n'
      ? programs.kubectl?.([...words])
      : verbs(
          'create',
          'apply',
          'exec',
          'logs',
          'patch',
          'get',
          'rollout',
          'delete',
        )([verb, value]),
  helm: verbs('repo', 'install', 'upgrade'),
  cd: ([folder = '']) => (globSync(folder, { cwd: root }).length > 0 ? undefined : folder),
  // What cannot be wrong but in ways that sh -n and the other tests see.
  ...Object.fromEntries(
    ['curl', 'cp', 'export', 'head', 'jq', 'mkdir', 'openssl', 'printf', 'scp', 'sleep'].map(
      (name) => [name, () => undefined],
    ),
  ),
};

/** Programs that nobody can try without more than this repository. */
const needed: Readonly<Record<string, Need>> = {
  docker: 'docker',
  fly: 'account',
  kubectl: 'cluster',
  helm: 'cluster',
};

export const isProgram = (name: string): boolean => name in programs;

/** What is wrong with a command; undefined where it is known and right. */
export function strange({ words: [name = '', ...words] }: Command): string | undefined {
  if (name === '') return undefined;
  const check = programs[name];
  if (check === undefined) return `${name}: no test knows it`;
  const told = check(words);
  return told === undefined ? undefined : `${name}: ${told}`;
}

/** The mark that a block of these commands lacks. */
export function missingMark(
  commands: readonly Command[],
  mark: Need | undefined,
): Need | undefined {
  return commands
    .map(({ words: [name = ''] }) => needed[name])
    .find((need) => need !== undefined && need !== mark);
}
