// Ends the process by SIGKILL just after a named step of the spool or of the sender, seen from outside: by the
// calls on the file system and by undici's diagnostics.

import { subscribe } from 'node:diagnostics_channel';
import { constants } from 'node:fs';
import type { FileSystem } from '../../../packages/otel-setup/src/world.ts';

export const crashPoints = [
  'dir-made',
  'lock-bound',
  'owner-written',
  'renamed',
  'segment-created',
  'header-written',
  'frame-written',
  'frame-torn',
  'segment-rolled',
  'request-sent',
  'answer-read',
  'cursor-written',
  'cursor-torn',
  'segment-unlinked',
  'dir-removed',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

export interface Crash {
  readonly point: CrashPoint;
  /** At its n-th time. */
  readonly hit: number;
}

type Kind = 'segment' | 'cursor' | 'owner' | 'other';
interface Open {
  readonly kind: Kind;
  readonly number: number;
  readonly isNew: boolean;
  writes: number;
}

const tornOf: Partial<Record<CrashPoint, CrashPoint>> = {
  'frame-written': 'frame-torn',
  'cursor-written': 'cursor-torn',
};
const hidden = /\/\.[0-9a-z]{8}$/;
const segment = /\/(\d{12})\.seg$/;

export function crashingFs(real: FileSystem, { hit, point }: Crash): FileSystem {
  const open = new Map<number, Open>();
  let left = hit;
  const after = (reached: CrashPoint): void => {
    if (reached === point && --left === 0) die();
  };
  subscribe('undici:request:bodySent', () => after('request-sent'));
  subscribe('undici:request:trailers', () => after('answer-read'));

  /** Half the bytes, and the end, where that is what is wanted. */
  const tear = (step: CrashPoint, half: () => void): void => {
    const torn = tornOf[step];
    if (torn === undefined || torn !== point) return;
    if (left === 1) half();
    after(torn);
  };
  const writeSync = (fd: number, bytes: Buffer, from = 0, length = bytes.length, at?: number) => {
    const file = open.get(fd);
    const step = file === undefined ? undefined : stepOf(file);
    if (file === undefined || step === undefined) {
      if (file !== undefined) file.writes++;
      return real.writeSync(fd, bytes, from, length, at);
    }
    tear(step, () => real.writeSync(fd, bytes, from, Math.ceil(length / 2), at));
    const written = real.writeSync(fd, bytes, from, length, at);
    file.writes++;
    after(step);
    if (step === 'header-written' && file.number > 1) after('segment-rolled');
    return written;
  };

  return {
    ...real,
    writeSync: writeSync as FileSystem['writeSync'],
    openSync(path, flags, mode) {
      const fd = real.openSync(path, flags, mode);
      const isNew = typeof flags === 'number' && (flags & constants.O_EXCL) !== 0;
      open.set(fd, { ...describe(String(path)), isNew, writes: 0 });
      if (isNew && segment.test(String(path))) after('segment-created');
      return fd;
    },
    closeSync(fd) {
      const file = open.get(fd);
      open.delete(fd);
      real.closeSync(fd);
      if (file?.kind === 'owner' && file.isNew) after('owner-written');
    },
    mkdirSync: ((path: string, options: { mode: number }) => {
      const made = real.mkdirSync(path, options);
      if (hidden.test(path)) after('dir-made');
      return made;
    }) as FileSystem['mkdirSync'],
    chmodSync(path, mode) {
      real.chmodSync(path, mode);
      if (String(path).endsWith('/lock')) after('lock-bound');
    },
    renameSync(from, to) {
      real.renameSync(from, to);
      if (hidden.test(String(from)) && !hidden.test(String(to))) after('renamed');
    },
    unlinkSync(path) {
      real.unlinkSync(path);
      if (segment.test(String(path))) after('segment-unlinked');
    },
    rmdirSync(path, options) {
      real.rmdirSync(path, options);
      after('dir-removed');
    },
  };
}

function describe(path: string): { kind: Kind; number: number } {
  const digits = segment.exec(path)?.[1];
  if (digits !== undefined) return { kind: 'segment', number: Number(digits) };
  if (path.endsWith('/cursor')) return { kind: 'cursor', number: 0 };
  return { kind: path.endsWith('/owner.json') ? 'owner' : 'other', number: 0 };
}

/** Both slots of a new cursor are written when it is made, before there is anything to settle. */
function stepOf({ isNew, kind, writes }: Open): CrashPoint | undefined {
  if (kind === 'segment') return isNew && writes === 0 ? 'header-written' : 'frame-written';
  if (kind !== 'cursor') return undefined;
  return isNew && writes < 2 ? undefined : 'cursor-written';
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
