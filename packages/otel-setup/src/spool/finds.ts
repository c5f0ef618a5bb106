// What was taken over from dead processes: told once a look, and apart where it logged to another place.

import type { Context } from './context.ts';
import type { TookOver } from './options.ts';
import { readOwner } from './owner-file.ts';
import type { Recovered } from './recover.ts';

const nothing: TookOver = { records: 0, directories: 0, oldestMs: Number.POSITIVE_INFINITY };

export class Finds {
  readonly #context: Context;
  /** Since it was last told. */
  #found = nothing;
  /** Records by the place they were meant for, where that is another one than ours. */
  readonly #elsewhere = new Map<string, number>();

  constructor(context: Context) {
    this.#context = context;
  }

  add(path: string, { oldestMs, queue }: Recovered): void {
    if (this.#isFromElsewhere(path, queue.pending)) return;
    const before = this.#found;
    this.#found = {
      records: before.records + queue.pending,
      directories: before.directories + 1,
      oldestMs: Math.min(before.oldestMs, oldestMs),
    };
  }

  tell(): void {
    const found = this.#found;
    this.#found = nothing;
    if (found.directories > 0) this.#context.options.report.tookOver(found);
    this.#tellElsewhere();
  }

  #isFromElsewhere(path: string, count: number): boolean {
    const { fs, options } = this.#context;
    const { origin, route } = readOwner(fs, path);
    if (route === undefined || origin === undefined) return false;
    if (route === options.owner.route && origin === options.owner.origin) return false;
    const place = `${origin} (route ${route})`;
    this.#elsewhere.set(place, (this.#elsewhere.get(place) ?? 0) + count);
    return true;
  }

  #tellElsewhere(): void {
    if (this.#elsewhere.size === 0) return;
    const { origin, route } = this.#context.options.owner;
    const left = [...this.#elsewhere].map(
      ([place, count]) => `${count} ${count === 1 ? 'record' : 'records'} for ${place}`,
    );
    this.#elsewhere.clear();
    this.#context.notice(
      'ROUTE_CHANGED',
      'info',
      `Earlier processes of this service left ${left.join(', ')}: all of it goes to ${origin} (route ${route}) now.`,
    );
  }
}
