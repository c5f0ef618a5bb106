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

  constructor(context: Context) {
    this.#context = context;
  }

  add(path: string, { oldestMs, queue }: Recovered): void {
    if (this.#tellRoute(path, queue.pending)) return;
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
  }

  #tellRoute(path: string, count: number): boolean {
    const { fs, options } = this.#context;
    const { origin, route } = readOwner(fs, path);
    if (route === undefined || origin === undefined) return false;
    if (route === options.owner.route && origin === options.owner.origin) return false;
    const [what, go] = count === 1 ? ['record', 'goes'] : ['records', 'go'];
    this.#context.notice(
      'ROUTE_CHANGED',
      'info',
      `${count} ${what} left by an earlier process that logged to ${origin} (route ${route}) ${go} to ${options.owner.origin} (route ${options.owner.route}) now.`,
    );
    return true;
  }
}
