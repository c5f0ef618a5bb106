// What an application installs: nothing native, nothing that runs at the installation, nothing but what is listed.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { torture } from './torture.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sdk = join(root, 'packages/otel-setup');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly gypfile?: boolean;
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** As Node would find it from there. */
function resolve(name: string, from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    if (existsSync(path)) return path;
    assert.notEqual(at, dirname(at), `${name} is not installed`);
  }
}

/** The SDK's dependencies, theirs, and so on. */
function treeBelow(directory: string, known = new Set<string>()): Set<string> {
  const { dependencies = {} } = manifestOf(directory);
  for (const name of Object.keys(dependencies)) {
    const path = resolve(name, directory);
    if (known.has(path)) continue;
    known.add(path);
    treeBelow(path, known);
  }
  return known;
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const installScripts = ['preinstall', 'install', 'postinstall'];

torture('S17', 'the package installs without scripts and without native code', {}, async (c) => {
  const tree = [...treeBelow(sdk)];
  for (const directory of [sdk, ...tree]) {
    const { gypfile, name, scripts = {} } = manifestOf(directory);
    const run = installScripts.filter((script) => script in scripts);
    assert.deepEqual(run, [], `${name} runs scripts`);
    assert.notEqual(gypfile, true, name);
    if (directory === sdk) continue;
    const native = filesOf(directory).filter((path) => /\.node$|binding\.gyp$/.test(path));
    assert.deepEqual(native, [], `${name} is native`);
  }

  const packed = execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', c.folder],
    { cwd: sdk, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [{ filename, files }] = JSON.parse(packed) as [
    { filename: string; files: { path: string }[] },
  ];
  const listed =
    /^(package\.json|README\.md|LICENSE|bin\/otel-setup\.js|docs\/[\w./-]+|dist\/(esm|cjs)\/[^.][\w./-]+\.(js|d\.ts|js\.map)|dist\/cjs\/package\.json)$/;
  const paths = files.map(({ path }) => path);
  assert.deepEqual(
    paths.filter((path) => !listed.test(path) || path.includes('.test.')),
    [],
  );

  // Unpacked beside the dependencies, which is all that an installation without scripts does.
  const modules = join(c.folder, 'app', 'node_modules');
  mkdirSync(join(modules, 'otel-setup'), { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(c.folder, filename),
    '-C',
    join(modules, 'otel-setup'),
    '--strip-components=1',
  ]);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === 'otel-setup' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  await c.receive();
  const program = join(c.folder, 'app', 'app.mjs');
  writeFileSync(program, "import { init } from 'otel-setup';\ninit().logger.info('installed');\n");
  const app = spawn(process.execPath, [program], { env: c.environment(), stdio: 'ignore' });
  const [code] = await once(app, 'exit');
  assert.equal(code, 0);
  assert.equal(c.receiver.inbox.records[0]?.record.body, 'installed');
  Object.assign(c.figures, { 'files packed': paths.length, 'packages below it': tree.length });
});
