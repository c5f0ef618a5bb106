// Lets a test wait for records to arrive, and says what did arrive when it waits in vain.

import type { Store } from './store.ts';
import type { StoredRecord } from './stored-record.ts';

/** A number of stored records, or a condition on all that are kept. */
export type Awaited = number | ((records: readonly StoredRecord[]) => boolean);

export class Waiters {
  readonly #store: Store;
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** To be called whenever something arrived. */
  check(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Ends every wait: nothing can arrive any more. */
  close(): void {
    this.#isClosed = true;
    this.check();
  }

  wait(awaited: Awaited, timeoutMs: number): Promise<readonly StoredRecord[]> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#waiting.delete(look);
        clearTimeout(timer);
        act();
      };
      const look = () => {
        try {
          if (this.#isMet(awaited)) settle(() => resolve([...this.#store.records]));
          else if (this.#isClosed)
            settle(() => reject(this.#complaint(awaited, 'until it closed')));
        } catch (error) {
          settle(() => reject(error as Error));
        }
      };
      const timer = setTimeout(() => {
        settle(() => reject(this.#complaint(awaited, `${timeoutMs} ms`)));
      }, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  #isMet(awaited: Awaited): boolean {
    if (typeof awaited === 'number') return this.#store.totals.stored >= awaited;
    return awaited(this.#store.records);
  }

  #complaint(awaited: Awaited, time: string): Error {
    const { totals, requests, records } = this.#store;
    const what = typeof awaited === 'number' ? `${awaited} records` : 'a condition on the records';
    const answers = new Map<string, number>();
    for (const { status, message } of requests) {
      const text = `${status || 'no answer'}${message === '' ? '' : ` (${clipped(message)})`}`;
      answers.set(text, (answers.get(text) ?? 0) + 1);
    }
    const given = [...answers].map(([text, count]) => `${count} x ${text}`).join(', ');
    const lines = records.slice(-5).map(({ line }) => `\n  ${JSON.stringify(clipped(line))}`);
    const parts = [
      `Waited ${time} for ${what}; ${totals.stored} stored from ${totals.requests} requests`,
      given === '' ? '.' : `: ${given}.`,
      lines.length === 0 ? '' : ` The last lines:${lines.join('')}`,
    ];
    return new Error(parts.join(''));
  }
}

function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
