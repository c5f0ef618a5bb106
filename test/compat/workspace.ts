// The temporary directory of one run: the packed tarball, the package managers, and one installed
// project per distinct specification, all removed at the end.

import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFolder } from '../command-folder.ts';
import { npm } from './npm.ts';
import { install, type ManagerName } from './package-managers.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface ProjectSpec {
  /** A folder of test/compat/projects. */
  readonly from: string;
  /** What the project installs beside the tarball: name to version. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** @default 'npm' */
  readonly manager?: ManagerName;
}

export class Workspace {
  readonly dir: string = commandFolder('compat');
  readonly #installed = new Map<string, Promise<string>>();
  #tarball = '';

  /** Before any project. */
  async open(): Promise<void> {
    this.#tarball = await pack(this.dir);
  }

  /** The directory of an installed project; the same specification is installed once. */
  project(spec: ProjectSpec): Promise<string> {
    const key = JSON.stringify(spec);
    const known = this.#installed.get(key);
    if (known !== undefined) return known;
    const made = this.#make(spec, join(this.dir, `project-${this.#installed.size + 1}`));
    this.#installed.set(key, made);
    return made;
  }

  async #make(spec: ProjectSpec, dir: string): Promise<string> {
    const dependencies = { 'otel-setup': `file:${this.#tarball}`, ...spec.dependencies };
    cpSync(fileURLToPath(new URL(`projects/${spec.from}`, import.meta.url)), dir, {
      recursive: true,
    });
    const packageJson = { name: 'compat', version: '1.0.0', private: true, dependencies };
    writeFileSync(join(dir, 'package.json'), JSON.stringify(packageJson, null, 2));
    await install(spec.manager ?? 'npm', dir, this.dir);
    return dir;
  }
}

/** Packs the SDK as it was built. */
async function pack(into: string): Promise<string> {
  const args = ['pack', '--workspace', 'otel-setup', '--pack-destination', into, '--json'];
  const { stdout } = await npm(args, { cwd: root });
  const name = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`npm pack named no file:\n${stdout}`);
  return join(into, name);
}
