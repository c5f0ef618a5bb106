// The ends of a process: what is pending is sent, and nothing is taken from the application. No exit
// code is set, no foreign listener removed, and the process is never ended here.

import { type ExitSenderOptions, sendAtExit } from './exit-sender.ts';
import { Finish, type Finished, type FinishOptions } from './finish.ts';
import type { Host, Signal } from './host.ts';
import { keepPlace } from './listener-place.ts';
import { NaturalEnd } from './natural-end.ts';
import { SIGNALS, Signals } from './signals.ts';
import { within } from './within.ts';

export interface LifecycleOptions extends ExitSenderOptions, FinishOptions {
  readonly host: Host;
  /** In a worker thread there are no signals, and 'exit' is the thread's own. */
  readonly isMainThread: boolean;
  /** What an end may cost, in ms: natural or by signal, at 'exit', and where the route is known to be down. */
  readonly timeouts?: {
    readonly naturalMs: number;
    readonly exitMs: number;
    readonly downMs: number;
  };
  routeIsDown(): boolean;
  /** The last thing of all, exactly once: says the closing line, releases the spool. */
  closing(): void;
}

export interface Lifecycle {
  /** Sends until everything pending at the call is settled, or `timeoutMs` have passed. @default 10_000 */
  flush(timeoutMs?: number): Promise<Finished>;
  /**
   * The last sending, for at most 2 s of it also of what dead processes left: resolves at the deadline at the latest.
   * A second call gets the first one's promise. @default 4_000
   */
  shutdown(timeoutMs?: number): Promise<Finished>;
}

const TIMEOUTS = { naturalMs: 2000, exitMs: 500, downMs: 50 } as const;

export function attachLifecycle(options: LifecycleOptions): Lifecycle {
  const { host, clock, pending } = options;
  const { naturalMs, exitMs, downMs } = options.timeouts ?? TIMEOUTS;
  const finish = new Finish(options);

  const drainAtEnd = (): Promise<void> => {
    const timeoutMs = options.routeIsDown() ? downMs : naturalMs;
    const drain = () => options.drain(timeoutMs, { untilFailure: true });
    return within(clock, timeoutMs, finish.isShutDown ? () => finish.shutdown() : drain);
  };
  const close = once(options.closing);

  const end = {
    host,
    clock,
    pending,
    budgetMs: naturalMs,
    drain: drainAtEnd,
    mayDrain: () => !finish.isShutDown,
    close,
  };
  const { hasOrphans, replay } = options;
  const naturalEnd = new NaturalEnd({ ...end, hasOrphans, replay });
  const signals = new Signals(end);
  const exited = once(() => {
    const budgetMs = naturalEnd.leftMs ?? exitMs;
    const hopeless = options.routeIsDown() || finish.left > 0 || budgetMs === 0;
    if (pending() > 0 && !hopeless) sendAtExit(options, budgetMs);
  });
  const onExit = () => {
    exited();
    close();
  };

  host.on('exit', onExit);
  const signalled = options.isMainThread && host.platform !== 'win32';
  if (signalled) signals.armAll();
  keepPlace(
    host,
    new Set(['exit', ...SIGNALS]),
    new Set([onExit, ...signals.listeners]),
    (event) => {
      if (event !== 'exit') return signals.replace(event as Signal);
      host.removeListener('exit', onExit);
      host.on('exit', onExit);
    },
  );
  return {
    flush: (timeoutMs) => finish.flush(timeoutMs),
    shutdown: (timeoutMs) => finish.shutdown(timeoutMs),
  };
}

// Runs the first time only, and contains what it throws: an exception here would change the exit code.
function once(run: () => void): () => void {
  let hasRun = false;
  return () => {
    if (hasRun) return;
    hasRun = true;
    try {
      run();
    } catch {
      // What was not sent is in the spool, and the process is ending: there is nobody left to tell.
    }
  };
}
