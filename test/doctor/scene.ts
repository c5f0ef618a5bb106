// What stands around an application in a test: its folder, the servers it talks to, and the two processes that
// are asked what is wrong: the doctor and the application itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Fault, type Inbox, type InboxOptions, startInbox } from 'otlp-inbox';
import { bareEnvironment, programPath, temporaryFolder } from '../journeys/program.ts';
import { Certificates } from '../torture/certificates.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const doctorPath = join(root, 'packages/otel-setup/dist/cjs/cli/main.js');
// Node before 22.18 needs to be asked for types to be stripped.
const strip = process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')
  ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  : [];
const watchdogMs = 60_000;

export type Env = Record<string, string>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Found {
  readonly check: string;
  readonly state: 'good' | 'warning' | 'wrong' | 'skipped';
  readonly message: string;
  readonly code?: string;
  readonly fix?: string;
  readonly paste?: readonly string[];
}

export interface Diagnosis extends Ended {
  readonly report: {
    readonly ok: boolean;
    readonly route: string;
    readonly settings: readonly { readonly name: string; value: string; from: string }[];
    readonly findings: readonly Found[];
  };
}

export class Scene {
  readonly t: TestContext;
  readonly folder: string;
  /** Where the application lives. */
  readonly home: string;
  readonly env: Env;
  /** Before Node, with its arguments. */
  wrapper: readonly string[] = [];
  nodeArgs: readonly string[] = [];
  /** The application. */
  program: string = programPath('patient.ts');

  constructor(t: TestContext) {
    this.t = t;
    this.folder = temporaryFolder(t);
    this.home = join(this.folder, 'app');
    this.env = { ...bareEnvironment(this.folder), OTEL_SERVICE_NAME: 'patient' };
    mkdirSync(this.home);
    this.install({ 'otel-setup': 'otel-setup', winston: 'winston' });
  }

  /** A dependency's own dependencies, which nobody else sees. */
  installBelow(name: string, dependencies: Readonly<Record<string, string>>): void {
    this.#install(join(this.home, 'node_modules', name, 'node_modules'), dependencies);
  }

  /** Dependencies of the application: those of this repository by their names, others as empty packages of a version. */
  install(dependencies: Readonly<Record<string, string>>): void {
    const path = join(this.home, 'package.json');
    const declared = { ...readDependencies(path), ...dependencies };
    this.#install(join(this.home, 'node_modules'), dependencies);
    writeFileSync(path, JSON.stringify({ name: 'patient', dependencies: declared }));
  }

  #install(modules: string, dependencies: Readonly<Record<string, string>>): void {
    for (const [name, from] of Object.entries(dependencies)) {
      const to = join(modules, name);
      mkdirSync(dirname(to), { recursive: true });
      if (!/^\d/.test(from)) {
        symlinkSync(join(root, 'node_modules', from), to);
        continue;
      }
      mkdirSync(to);
      writeFileSync(join(to, 'package.json'), JSON.stringify({ name, version: from }));
      writeFileSync(join(to, 'index.js'), '');
    }
  }

  /** The application's own source instead of the usual one, beside its dependencies. */
  write(source: string): void {
    this.program = join(this.home, 'app.mjs');
    writeFileSync(this.program, source);
  }

  async inbox(options: InboxOptions = {}, fault?: Fault): Promise<Inbox> {
    const inbox = await startInbox({ port: 0, ...options });
    this.t.after(() => inbox.close());
    if (fault !== undefined) inbox.setFault(fault);
    return inbox;
  }

  /** An address that refuses connections. */
  async closedPort(): Promise<string> {
    const inbox = await startInbox({ port: 0 });
    await inbox.close();
    return inbox.url;
  }

  async http(listener: RequestListener): Promise<string> {
    return await this.#listen(createHttp(listener));
  }

  /** A proxy that answers so to each CONNECT. */
  async proxy(answer: string): Promise<string> {
    return await this.#listen(
      createServer((socket) => {
        socket.on('error', () => undefined).once('data', () => socket.end(`${answer}\r\n\r\n`));
      }),
    );
  }

  certificates(): Certificates {
    return new Certificates(this.folder);
  }

  async #listen(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.t.after(() => {
      server.close();
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async doctor(env: Env, args: readonly string[] = []): Promise<Diagnosis> {
    const ended = await this.command(env, ['doctor', '--json', ...args]);
    try {
      return { ...ended, report: JSON.parse(ended.stdout) };
    } catch (cause) {
      throw new Error(`no report: ${ended.code}\n${ended.stdout}\n${ended.stderr}`, { cause });
    }
  }

  async command(env: Env, args: readonly string[]): Promise<Ended> {
    return await this.#run([...this.nodeArgs, doctorPath, ...args], env);
  }

  /** @param code of the notice that it waits for */
  async application(env: Env, code: string): Promise<Ended> {
    return await this.#run([...strip, ...this.nodeArgs, this.program, code], env);
  }

  async #run(args: readonly string[], env: Env): Promise<Ended> {
    const [command = '', ...before] = [...this.wrapper, process.execPath];
    const child = spawn(command, [...before, ...args], {
      env: { ...this.env, ...env },
      cwd: this.home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const watchdog = setTimeout(() => child.kill('SIGKILL'), watchdogMs);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(watchdog);
    return { code, stdout, stderr };
  }
}

function readDependencies(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).dependencies;
  } catch {
    // The first ones.
    return {};
  }
}
