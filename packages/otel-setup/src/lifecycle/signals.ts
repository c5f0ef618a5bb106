// SIGTERM, SIGINT and SIGHUP where nobody else listens: send what is pending, then let the signal do
// what it would have done. Where somebody else listens, the end of the process is theirs.

import { type Clock, soon } from '../world.ts';
import type { Host, Signal } from './host.ts';

export const SIGNALS: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

export interface SignalOptions {
  readonly host: Host;
  readonly clock: Clock;
  pending(): number;
  /** Sends until empty, the first failure or its deadline; never rejects. */
  drain(): Promise<unknown>;
  /** Once, right before the signal is raised again: no 'exit' event follows. */
  close(): void;
}

export class Signals {
  readonly #options: SignalOptions;
  readonly #armed = new Set<Signal>();
  readonly #listeners = new Map<Signal, () => void>(
    SIGNALS.map((signal) => [signal, () => this.#arrived(signal)]),
  );

  constructor(options: SignalOptions) {
    this.#options = options;
  }

  get listeners(): ReadonlySet<() => void> {
    return new Set(this.#listeners.values());
  }

  armAll(): void {
    for (const signal of SIGNALS) this.#arm(signal);
  }

  /** Moves our listener to the front again. */
  replace(signal: Signal): void {
    if (!this.#armed.has(signal)) return;
    this.#disarm(signal);
    this.#arm(signal);
  }

  // Once, and in front: when anybody else's listener runs, ours is gone. An `on` listener hangs the
  // process beside signal-exit, which raises the signal again only where it finds itself alone.
  #arm(signal: Signal): void {
    const listener = this.#listeners.get(signal);
    if (listener === undefined || this.#armed.has(signal)) return;
    this.#armed.add(signal);
    this.#options.host.prependOnceListener(signal, listener);
  }

  #disarm(signal: Signal): void {
    const listener = this.#listeners.get(signal);
    if (listener !== undefined) this.#options.host.removeListener(signal, listener);
    this.#armed.delete(signal);
  }

  #arrived(signal: Signal): void {
    this.#armed.delete(signal);
    if (this.#options.host.listenerCount(signal) > 0) {
      // After the others have run, for signal-exit raises the signal again in its listener; before what
      // they await goes on, for NestJS removes its listener and raises it once its promises are through.
      soon(() => this.armAll());
      return;
    }
    // From here on any second signal kills at once: none has a listener of ours.
    for (const other of SIGNALS) this.#disarm(other);
    const raise = () => this.#raise(signal);
    if (this.#options.pending() === 0) raise();
    else this.#options.drain().then(raise, raise);
  }

  #raise(signal: Signal): void {
    const { host, close } = this.#options;
    // The kernel withholds an unhandled signal from the first process of a container: it lives on, as
    // it does without us. So does a process that got a listener of its own while we were sending.
    const livesOn = host.pid === 1 || host.listenerCount(signal) > 0;
    if (!livesOn) close();
    try {
      host.kill(host.pid, signal);
    } finally {
      this.#options.clock.setTimeout(() => this.armAll(), 0).unref();
    }
  }
}
