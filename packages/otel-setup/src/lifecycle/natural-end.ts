// The natural end: the event loop is empty, and what is pending may keep the process alive once.

import type { Host } from './host.ts';
import { type Leftovers, sendLeftovers } from './leftovers.ts';

export interface NaturalEndOptions extends Leftovers {
  readonly host: Host;
  /** How long this end may take in all, in ms. */
  readonly budgetMs: number;
  /** False after shutdown(). */
  mayDrain(): boolean;
  /** Sends until empty, the first failure or its deadline; never rejects. */
  drain(): Promise<unknown>;
}

export class NaturalEnd {
  readonly #options: NaturalEndOptions;
  #drained:
    | { readonly endedAt: number; readonly deadline: number; readonly left: number }
    | undefined;
  #deadline: number | undefined;

  constructor(options: NaturalEndOptions) {
    this.#options = options;
    options.host.on('beforeExit', () => this.#beforeExit());
  }

  /** What is left for the 'exit' event, in ms; undefined where the end is not a natural one. */
  get leftMs(): number | undefined {
    if (this.#deadline === undefined) return undefined;
    return Math.max(0, this.#deadline - this.#options.clock.monotonic());
  }

  #beforeExit(): void {
    const { clock, host, budgetMs, pending, hasOrphans, mayDrain } = this.#options;
    const now = clock.monotonic();
    // Keeping the loop alive would run the application's own 'beforeExit' listeners a second time:
    // where there are some, the thread at 'exit' does the sending, and nobody notices.
    const alone = host.listenerCount('beforeExit') === 1;
    // Something else came up while we were sending, and kept the process alive: this end is another one.
    if (now - (this.#drained?.endedAt ?? now) > budgetMs) this.#drained = undefined;
    if (this.#drained !== undefined) {
      this.#endsBy(this.#drained.left > 0 ? now : this.#drained.deadline);
    } else if (alone && mayDrain() && (pending() > 0 || hasOrphans())) {
      const drained = () => {
        const endedAt = clock.monotonic();
        this.#drained = { endedAt, deadline: now + budgetMs, left: pending() };
      };
      this.#send(now + budgetMs).then(drained, drained);
    } else {
      this.#endsBy(now + budgetMs);
    }
  }

  async #send(deadline: number): Promise<void> {
    const { clock, mayDrain, drain } = this.#options;
    await drain();
    if (mayDrain()) await sendLeftovers(this.#options, deadline - clock.monotonic());
  }

  // An unref'd timer runs only if the process lives on after all.
  #endsBy(deadline: number): void {
    this.#deadline = deadline;
    const livesOn = () => {
      this.#deadline = undefined;
      this.#drained = undefined;
    };
    this.#options.clock.setTimeout(livesOn, 0).unref();
  }
}
