// Runs a bisection over the line: which records of a refused shipment are the ones refused?

import { Bisection, type Range } from './bisection.ts';
import type { Outcome } from './outcome.ts';
import type { Carrier, Kept, Shipment, Stored } from './shipment.ts';

/** Why a shipment is suspected: refused as such (400, 422), or answered with the same 5xx for ever. */
export interface Doubt {
  readonly type: 'refusal' | 'server-error';
  readonly trouble: Kept['trouble'];
  readonly status: number;
  readonly words: string;
}

/** What an inquest could not finish; the records from there on are still in the queue. */
export interface Left {
  readonly shipment: Shipment;
  readonly outcome: Kept | (Outcome & { readonly type: 'halve' });
}

// A 5xx may be the server's own trouble after all: a record is given up only when it fails this often
// and a record that was delivered before passes after it each time. 502 to 504 are what a busy server
// answers at random, so they take more proof, and none is had without such a record.
const rounds = 3;
const busyRounds = 8;
const busy = new Set([502, 503, 504]);
const roundMs = 500;

/** Undefined when every record of the shipment is settled. */
export async function investigate(
  carrier: Carrier,
  shipment: Shipment,
  doubt: Doubt,
): Promise<Left | undefined> {
  const inquest = new Inquest(carrier, shipment, doubt);
  return await inquest.run();
}

class Inquest {
  readonly #carrier: Carrier;
  readonly #shipment: Shipment;
  readonly #doubt: Doubt;
  readonly #bisection: Bisection;
  /** Found while nothing has passed yet: perhaps the endpoint refuses everything. */
  #unproven: number[] = [];
  #words: string;
  #isProven: boolean;
  #stopped = false;

  constructor(carrier: Carrier, shipment: Shipment, doubt: Doubt) {
    this.#carrier = carrier;
    this.#shipment = shipment;
    this.#doubt = doubt;
    this.#words = doubt.words;
    this.#isProven = carrier.control !== undefined;
    this.#bisection = new Bisection(shipment.from, shipment.to);
  }

  async run(): Promise<Left | undefined> {
    while (!this.#stopped) {
      const left = await this.#step();
      if (left === 'end') return undefined;
      if (left !== undefined) return left;
    }
    return undefined;
  }

  async #step(): Promise<Left | 'end' | undefined> {
    const { culprit } = this.#bisection;
    if (culprit !== undefined) {
      if (this.#doubt.type === 'refusal') return this.#convict(culprit);
      return await this.#confirm(culprit);
    }
    const range = this.#bisection.next();
    if (range === undefined) return (await this.#proveByEmptyRequest()) ?? 'end';
    if (this.#doubt.type === 'server-error') await this.#carrier.wait(roundMs / 2);
    const outcome = await this.#post(range);
    if (outcome === undefined) return undefined;
    return await this.#consider(range, outcome);
  }

  async #consider(range: Range, outcome: Outcome): Promise<Left | undefined> {
    if (isStored(outcome)) {
      this.#pass(range, outcome);
      return undefined;
    }
    if (this.#isRefusal(outcome)) {
      this.#words = outcome.words;
      this.#bisection.refused();
      return this.#unproven.length > 0 ? await this.#proveByEmptyRequest() : undefined;
    }
    if (outcome.type === 'keep' && this.#doubt.type === 'refusal') {
      this.#carrier.keep(outcome);
      await this.#carrier.untilAllowed();
      return undefined;
    }
    return outcome.type === 'bisect'
      ? this.#leave(range)
      : { shipment: this.#part(range), outcome };
  }

  #pass(range: Range, outcome: Stored): void {
    // They are older than what passed, so they go first.
    this.#isProven = true;
    this.#convictUnproven();
    this.#bisection.passed();
    this.#carrier.settle(this.#part(range), outcome);
  }

  #isRefusal(outcome: Outcome): outcome is Outcome & { type: 'bisect' | 'keep' } {
    if (this.#doubt.type === 'refusal') return outcome.type === 'bisect';
    return outcome.type === 'keep' && outcome.status === this.#doubt.status;
  }

  #convict(index: number): undefined {
    this.#bisection.closeCulprit();
    this.#unproven.push(index);
    if (this.#isProven) this.#convictUnproven();
  }

  #convictUnproven(): void {
    for (const index of this.#unproven) {
      this.#carrier.line.tell('rejected', this.#words);
      this.#carrier.giveUp(this.#shipment, index, 'rejected', this.#words);
    }
    this.#unproven = [];
  }

  /**
   * Nothing has passed so far. An empty request that is refused in the same words says that it is
   * the endpoint, not the records; then nothing is given up.
   */
  async #proveByEmptyRequest(): Promise<Left | undefined> {
    const index = this.#unproven[0];
    if (index === undefined) return undefined;
    const from = { from: index, to: index + 1 };
    if (this.#doubt.type === 'server-error') return this.#leave(from);
    const empty = await this.#carrier.post(this.#shipment.batch, index, index);
    if (empty === undefined) {
      this.#stopped = true;
      return undefined;
    }
    if (empty.type === 'keep' || empty.type === 'probe') {
      return { shipment: this.#part(from), outcome: empty };
    }
    const sameWords = empty.type === 'bisect' && empty.words === this.#words;
    if (sameWords && empty.status === this.#doubt.status) {
      const outcome = { type: 'probe', trouble: 'client-error', words: this.#words } as const;
      return { shipment: this.#part(from), outcome };
    }
    this.#isProven = true;
    this.#convictUnproven();
    return undefined;
  }

  /**
   * A 5xx for one record: again, each time followed by a record that the server has taken before. The
   * suspect goes first: a server that is well again takes it, and nothing is sent twice.
   */
  async #confirm(index: number): Promise<Left | undefined> {
    const { control } = this.#carrier;
    const range = { from: index, to: index + 1 };
    if (control === undefined && busy.has(this.#doubt.status)) return this.#leave(range);
    for (let round = 0; round < roundsFor(this.#doubt.status); round += 1) {
      await this.#carrier.wait(roundMs);
      const outcome = await this.#post(range);
      if (outcome === undefined) return undefined;
      if (isStored(outcome)) {
        this.#bisection.closeCulprit();
        this.#convictUnproven();
        this.#carrier.settle(this.#part(range), outcome);
        return undefined;
      }
      if (!this.#isRefusal(outcome)) return this.#leave(range);
      if (control !== undefined && !(await this.#passes(control))) return this.#leave(range);
    }
    return this.#convict(index);
  }

  async #passes(control: Shipment['batch']): Promise<boolean> {
    const outcome = await this.#carrier.post(control, 0, 1);
    if (outcome?.type !== 'settle') return false;
    this.#carrier.line.options.report.duplicatePossible(1);
    return true;
  }

  #leave(range: Range): Left {
    const { trouble, status } = this.#doubt;
    const outcome = {
      type: 'keep',
      trouble,
      status,
      words: this.#words,
      waitMs: undefined,
    } as const;
    return { shipment: this.#part(range), outcome };
  }

  async #post(range: Range): Promise<Outcome | undefined> {
    const outcome = await this.#carrier.post(this.#shipment.batch, range.from, range.to);
    if (outcome === undefined) this.#stopped = true;
    return outcome;
  }

  #part(range: Range): Shipment {
    return { ...this.#shipment, from: range.from, to: range.to };
  }
}

function roundsFor(status: number): number {
  return busy.has(status) ? busyRounds : rounds;
}

function isStored(outcome: Outcome): outcome is Stored {
  return outcome.type === 'settle' || outcome.type === 'entries';
}
