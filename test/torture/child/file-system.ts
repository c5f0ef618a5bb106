// A file system that fails as it is told: errors, delays and short writes by rule, a quota of bytes.

import { appendFileSync } from 'node:fs';
import type { FileSystem } from '../../../packages/otel-setup/src/world.ts';

export interface FsRule {
  /** Names of `node:fs` functions. */
  readonly ops: readonly (keyof FileSystem)[];
  /** A regular expression on the path; every path where it is left out. */
  readonly path?: string;
  /** Calls that match, counted from 1. @default 1 */
  readonly from?: number;
  /** How many calls in a row. @default all */
  readonly times?: number;
  /** An errno's name, thrown or handed to the callback in place of the call. */
  readonly error?: string;
  /** The calling thread sleeps first; a call with a callback comes so late. */
  readonly delayMs?: number;
  /** A write takes only so many bytes. */
  readonly short?: number;
}

export interface FsFaults {
  /** A line `<op> <descriptor or -> <path>` in this file for each such call, before it is made. */
  readonly trace?: { readonly ops: readonly (keyof FileSystem)[]; readonly file: string };
  readonly rules?: readonly FsRule[];
  /** Bytes that all files together may have: a write that does not fit is first short, then ENOSPC. */
  readonly quotaBytes?: number;
}

type Call = (...args: never[]) => unknown;
type WriteArgs = [fd: number, bytes: Buffer, offset?: number, length?: number, position?: number];
type Callback = (error: NodeJS.ErrnoException) => void;

const byDescriptor: ReadonlySet<string> = new Set([
  'closeSync',
  'fdatasync',
  'fdatasyncSync',
  'fstatSync',
  'fsync',
  'fsyncSync',
  'ftruncateSync',
  'readSync',
  'write',
  'writeSync',
]);

export class WildFs {
  readonly fs: FileSystem;
  readonly #real: FileSystem;
  readonly #paths = new Map<number, string>();
  #rules: { rule: FsRule; pattern: RegExp; calls: number }[] = [];
  #quota: number | undefined;
  #trace: FsFaults['trace'];
  #used = 0;

  constructor(real: FileSystem, faults: FsFaults) {
    this.#real = real;
    this.fs = this.#wrapAll();
    this.set(faults);
  }

  set({ quotaBytes, rules = [], trace }: FsFaults): void {
    this.#trace = trace;
    this.#rules = rules.map((rule) => ({ rule, pattern: new RegExp(rule.path ?? ''), calls: 0 }));
    this.#quota = quotaBytes;
  }

  #wrapAll(): FileSystem {
    const wrapped: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(this.#real)) {
      if (typeof value === 'function') wrapped[name] = this.#wrap(name, value as Call);
    }
    return wrapped as unknown as FileSystem;
  }

  #wrap(name: string, call: Call): Call {
    const invoke = this.#quotaFor(name, call);
    return (...args: never[]) => {
      const path = this.#pathOf(name, args);
      this.#note(name, byDescriptor.has(name) ? String(args[0]) : '-', path);
      const due = this.#due(name, path);
      if (isDelayed(due?.delayMs, call, args)) return undefined;
      if (due?.error !== undefined) return raise(name, due.error, path, args);
      const result = due?.short === undefined ? invoke(...args) : call(...shorter(args, due.short));
      if (name === 'openSync') this.#paths.set(result as number, path);
      if (name === 'closeSync') this.#paths.delete(args[0] as unknown as number);
      return result;
    };
  }

  #note(name: string, descriptor: string, path: string): void {
    const trace = this.#trace;
    if (trace === undefined || !(trace.ops as readonly string[]).includes(name)) return;
    appendFileSync(trace.file, `${name} ${descriptor} ${path}\n`);
  }

  #pathOf(name: string, args: readonly unknown[]): string {
    if (!byDescriptor.has(name)) return String(args[0]);
    return this.#paths.get(args[0] as number) ?? '';
  }

  #due(name: string, path: string): FsRule | undefined {
    let due: FsRule | undefined;
    for (const entry of this.#rules) {
      const { pattern, rule } = entry;
      if (!(rule.ops as readonly string[]).includes(name) || !pattern.test(path)) continue;
      entry.calls++;
      const from = rule.from ?? 1;
      if (entry.calls >= from && entry.calls < from + (rule.times ?? Infinity)) due ??= rule;
    }
    return due;
  }

  #quotaFor(name: string, call: Call): Call {
    if (name === 'writeSync') return (...args) => this.#write(call, args);
    if (name === 'statfsSync') return (...args) => this.#statfs(call, args);
    if (name !== 'unlinkSync' && name !== 'rmSync' && name !== 'ftruncateSync') return call;
    return (...args) => {
      const before = this.#size(args[0]);
      const result = call(...args);
      this.#used += name === 'ftruncateSync' ? this.#size(args[0]) - before : -before;
      return result;
    };
  }

  #write(call: Call, args: never[]): unknown {
    const [fd, buffer, offset = 0, length = buffer.length, position] = args as unknown as WriteArgs;
    if (this.#quota === undefined || typeof position === 'number') return call(...args);
    const room = this.#quota - this.#used;
    if (room <= 0) return raise('writeSync', 'ENOSPC', '', []);
    const written = call(...([fd, buffer, offset, Math.min(length, room)] as never[])) as number;
    this.#used += written;
    return written;
  }

  #statfs(call: Call, args: never[]): unknown {
    const real = call(...args) as object;
    if (this.#quota === undefined) return real;
    const bavail = Math.max(0, this.#quota - this.#used);
    return { ...real, bsize: 1, bavail, bfree: bavail, blocks: this.#quota };
  }

  #size(target: string | number | undefined): number {
    if (this.#quota === undefined || target === undefined) return 0;
    try {
      const stat =
        typeof target === 'number' ? this.#real.fstatSync(target) : this.#real.lstatSync(target);
      return stat.isFile() ? stat.size : 0;
    } catch {
      // Not there: it takes no space.
      return 0;
    }
  }
}

function shorter(args: never[], bytes: number): never[] {
  const [fd, buffer, offset = 0, length, ...rest] = args as unknown as WriteArgs;
  return [fd, buffer, offset, Math.min(bytes, length ?? buffer.length), ...rest] as never[];
}

/** What has a callback is slow on libuv's pool, and is made later; else the thread has slept when this returns. */
function isDelayed(ms: number | undefined, call: Call, args: never[]): boolean {
  if (ms === undefined) return false;
  const hasCallback = typeof args.at(-1) === 'function';
  if (hasCallback) setTimeout(call, ms, ...args);
  else sleep(ms);
  return hasCallback;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function raise(name: string, code: string, path: string, args: readonly unknown[]): undefined {
  const error = Object.assign(new Error(`${code}: told to fail, ${name} '${path}'`), {
    code,
    syscall: name.replace('Sync', ''),
  });
  const callback = args.at(-1);
  if (typeof callback !== 'function') throw error;
  setImmediate(callback as Callback, error);
}
