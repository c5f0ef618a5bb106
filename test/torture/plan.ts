// What a case tells its processes: the plan they start with, and the commands that follow.

import type { InitOptions } from 'otel-setup';
import type { ClockFaults } from './child/clock.ts';
import type { Crash } from './child/crash.ts';
import type { FsFaults } from './child/file-system.ts';
import type { LookupFaults } from './child/lookup.ts';

export interface Faults {
  readonly fs?: FsFaults;
  readonly clock?: ClockFaults;
  readonly lookup?: LookupFaults;
  readonly crash?: Crash;
}

export interface Plan {
  readonly run: string;
  /** Unique in its case; the writer of each id. */
  readonly writer: string;
  /** Where control, samples and notices go. */
  readonly folder: string;
  /**
   * `public`: init() of the built package. `world`: start(config, world) of its sources, with `faults`.
   * `none`: a plain winston logger, as control.
   */
  readonly sdk: 'public' | 'world' | 'none';
  /** The part of init()'s options that JSON can say. */
  readonly options?: InitOptions;
  readonly faults?: Faults;
  /** What the application has beside us. */
  readonly extras?: readonly Extra[];
}

export type Extra =
  | 'signal-exit'
  | 'signal-exit-3'
  /** A SIGTERM listener that ends the process after 100 ms with code 7. */
  | 'own-sigterm'
  /** winston handles uncaught exceptions, by the logger's own transport. */
  | 'handle-exceptions';

export type Ending =
  | 'natural'
  | 'exit'
  | 'throw'
  | 'reject'
  | 'SIGTERM'
  | 'SIGINT'
  | 'SIGKILL'
  | 'abort'
  | 'reallyExit'
  | 'oom';

export interface LogCommand {
  readonly type: 'log';
  /** Default: until the process ends; it is answered at once then. */
  readonly count?: number;
  /** Bytes of the payload; `mixed`: all classes, most of them short. @default 300 */
  readonly size?: number | 'mixed';
  /** Records a second; undefined: as fast as it goes, 100 in a turn of the loop. */
  readonly rate?: number;
  /** @default info */
  readonly level?: string;
  /** Each such record is an `error`. */
  readonly errorEvery?: number;
  /** How many in one turn of the loop. @default 100 */
  readonly perTurn?: number;
}

export type Command =
  | { readonly type: 'init' }
  | LogCommand
  | { readonly type: 'flush' | 'shutdown'; readonly timeoutMs?: number }
  | { readonly type: 'stats' }
  /** A sample; `isLast`: nothing more will be logged. */
  | { readonly type: 'sample'; readonly isLast?: boolean }
  /** Replaces the faults that are named; `world` only. */
  | { readonly type: 'faults'; readonly faults: Faults }
  /** Memory, handles, descriptors, loop delay since the last such command. */
  | { readonly type: 'usage' }
  /** A worker thread with a plan of its own, and commands for it. */
  | { readonly type: 'thread'; readonly plan: Plan }
  | { readonly type: 'to'; readonly writer: string; readonly command: Command }
  | { readonly type: 'terminate'; readonly writer: string }
  | { readonly type: 'end'; readonly how: Ending };

export interface Usage {
  readonly rss: number;
  readonly heapUsed: number;
  readonly handles: readonly string[];
  readonly descriptors: number;
  /** Of `process`. */
  readonly listeners: number;
  readonly loopDelayP99Ms: number;
}

/** One answer for each command, in their order; the first one says that the process is ready. */
export type Reply = { readonly value: unknown } | { readonly error: string };
