// The state of the disk below the spool: whether the next segment goes to it, and when to try it again.

import { constants } from 'node:fs';
import type { Context } from './context.ts';
import type { Home } from './home.ts';
import { freeInodes } from './inodes.ts';
import { RunDelay } from './run-delay.ts';
import type { SegmentKind } from './segment.ts';
import { isCode } from './segment-file.ts';

/**
 * `full`: errors only; `slow`, `broken` (cannot be written), `capped` (over the cap, and nothing of ours
 * that could go): nothing.
 */
export type DiskState = 'good' | 'full' | 'slow' | 'broken' | 'capped';

const slowWriteMs = 20;
const slowWrites = 3;
const slowWindowMs = 30_000;
/** A disk that takes longer for a whole segment is left alone, even if records are dropped for it. */
const bearableMs = 1_000;
const gibibyte = 1024 ** 3;
const floorShare = 0.05;
// Within the 5 s and 30 s that a disk may stay unused after it has recovered.
const retryMs = { good: 0, full: 4_000, slow: 10_000, broken: 25_000, capped: 4_000 } as const;
const ringOnly =
  'Records are kept in memory meanwhile (8 MiB) and would be lost if the process were killed.';
const fewFiles = ' This process may open too few files: raise its limit (ulimit -n).';

export class Disk {
  state: DiskState = 'good';
  readonly #context: Context;
  readonly #home: () => Home | undefined;
  readonly #runDelay: RunDelay;
  #slowAt: number[] = [];
  #budget = 0;
  /** Bytes that stay free, as last measured. */
  #floor = 0;
  #triedAt = 0;
  #bearableAt = 0;
  #isProbing = false;

  constructor(context: Context, home: () => Home | undefined) {
    this.#context = context;
    this.#home = home;
    this.#runDelay = new RunDelay(context.fs);
  }

  get kind(): SegmentKind {
    if (this.state === 'good') return 'whole';
    return this.state === 'full' ? 'sparse' : 'ring';
  }

  /** Hot path: after each write, with its bytes and the two clock readings around it. */
  wrote(bytes: number, startedAt: number, endedAt: number): void {
    if (endedAt - startedAt > slowWriteMs) this.#strike(endedAt - startedAt, endedAt);
    this.#budget -= bytes;
    if (this.#budget < 0) this.checkSpace();
  }

  /** Below the floor nothing is deleted; what is left is kept for errors. */
  checkSpace(): void {
    const free = this.#headroom();
    this.#budget = Math.min(16 * 1024 * 1024, Math.max(4096, free / 2));
    if (free < 0 && this.state === 'good') this.#degrade('full', 'The disk is nearly full');
  }

  failed(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) this.#degrade('full', words);
    else this.#degrade('broken', words);
  }

  /** A slow disk that may still take what memory cannot hold any longer. */
  get isBearable(): boolean {
    return this.state === 'slow' && this.#context.clock.monotonic() >= this.#bearableAt;
  }

  /** After a whole segment was written to a slow disk. */
  bore(tookMs: number): void {
    if (tookMs > bearableMs) this.#bearableAt = this.#context.clock.monotonic() + retryMs.slow;
  }

  capped(): void {
    this.#degrade('capped', 'The spool has reached its cap');
  }

  /** Each second: true when a disk in trouble may be tried again. `slow` asks by itself. */
  isRetryDue(recovered: () => void): boolean {
    this.#runDelay.lapMs();
    if (this.state === 'good') return false;
    const now = this.#context.clock.monotonic();
    if (now - this.#triedAt < retryMs[this.state]) return false;
    this.#triedAt = now;
    if (this.state === 'slow') this.#probe(recovered);
    // A margin above the floor, so that one record more does not turn it round again.
    if (this.state === 'full') return this.#headroom() > this.#floor / 4;
    return this.state !== 'slow';
  }

  recovered(): void {
    if (this.state === 'good') return;
    this.state = 'good';
    this.#slowAt = [];
    this.checkSpace();
    if (this.state === 'good') {
      this.#context.notice('RECOVERED', 'info', 'The spool writes to disk again.');
    }
  }

  #degrade(state: Exclude<DiskState, 'good'>, why: string): void {
    this.#triedAt = this.#context.clock.monotonic();
    if (this.state === state) return;
    this.state = state;
    const where = this.#home()?.root ?? 'the spool';
    const isCrowded = state === 'full' && freeInodes(this.#context.fs, where) === 0;
    const advice = {
      full: isCrowded
        ? `${where} takes no more files: its file system has no inodes left. ${ringOnly} Remove files there (df -i tells how many), or name a directory on another disk in LOG_SPOOL_DIR.`
        : `${why} (${where}). Records of level error and above still go to disk, as long as it has room; the others are kept in memory (8 MiB) and are dropped when that is full. Free some space.`,
      slow: `Writing to ${where} takes more than ${slowWriteMs} ms again and again. ${ringOnly} Use a local disk.`,
      broken: `The spool cannot be written: ${why}. ${ringOnly} It is tried again every 30 s.${/\bE[MN]FILE\b/.test(why) ? fewFiles : ''}`,
      capped: `${why} and none of it is ours to remove (${where}). ${ringOnly} Raise LOG_SPOOL_MAX_BYTES or give each service a directory of its own.`,
    };
    this.#context.notice(
      state === 'full' ? 'DISK_FULL' : state.toUpperCase(),
      'warn',
      advice[state],
    );
  }

  #strike(tookMs: number, now: number): void {
    if (tookMs - this.#runDelay.lapMs() <= slowWriteMs) return;
    this.#slowAt = this.#slowAt.filter((at) => now - at < slowWindowMs);
    this.#slowAt.push(now);
    if (this.#slowAt.length >= slowWrites && this.state === 'good') this.#degrade('slow', '');
  }

  /** Bytes above the floor: 5 % of the file system, at most 1 GiB. */
  #headroom(): number {
    const home = this.#home();
    if (home === undefined) return 0;
    try {
      const { bavail, bsize, blocks } = this.#context.fs.statfsSync(home.servicePath);
      this.#floor = Math.min(gibibyte, blocks * bsize * floorShare);
      return bavail * bsize - this.#floor;
    } catch {
      // Nothing is known: the next write will tell.
      return gibibyte;
    }
  }

  // A disk that stalls is asked on libuv's pool, never again on the caller's thread.
  #probe(recovered: () => void): void {
    const home = this.#home();
    if (home === undefined || this.#isProbing) return;
    const { clock, fs } = this.#context;
    const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
    let fd: number;
    try {
      const path = `${home.directory.path}/.probe`;
      fd = fs.openSync(path, O_CREAT | O_NOFOLLOW | O_TRUNC | O_WRONLY, 0o600);
      fs.unlinkSync(path);
    } catch (error) {
      this.failed(error);
      return;
    }
    this.#isProbing = true;
    const startedAt = clock.monotonic();
    fs.write(fd, Buffer.alloc(4096), 0, 4096, 0, (error) => {
      this.#isProbing = false;
      fs.closeSync(fd);
      const isQuick = clock.monotonic() - startedAt < slowWriteMs;
      if (error === null && isQuick && this.state === 'slow') recovered();
    });
  }
}
