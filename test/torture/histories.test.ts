// Random histories of a service: calls, faults, kills, ends and restarts in any order. After each, every verdict of the
// oracle: nothing lost, nothing altered, and the ledgers of all its processes exact, in `stats()` and in the metrics.

import { it } from 'node:test';
import fc from 'fast-check';
import type { Fault } from 'otlp-inbox';
import { Case } from './case.ts';
import type { Ending } from './plan.ts';
import type { TorturedProcess } from './process.ts';
import { sized } from './settings.ts';

const faults: readonly Fault[] = [
  { type: 'status', status: 503, body: 'busy' },
  { type: 'retry-after', value: '1' },
  { type: 'cut' },
  { type: 'lost-answer' },
];

type Step =
  | { readonly do: 'log'; readonly count: number }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'end'; readonly how: Ending }
  | { readonly do: 'heal' | 'flush' | 'kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('log' as const), count: fc.nat(400) }) },
  fc.record({ do: fc.constant('fault' as const), fault: fc.constantFrom(...faults) }),
  fc.record({
    do: fc.constant('end' as const),
    how: fc.constantFrom<Ending>('exit', 'throw', 'SIGTERM', 'natural'),
  }),
  { weight: 2, arbitrary: fc.constant({ do: 'kill' as const }) },
  fc.constantFrom({ do: 'heal' as const }, { do: 'flush' as const }),
);

class History {
  readonly #case: Case;
  #process: TorturedProcess | undefined;

  constructor(c: Case) {
    this.#case = c;
  }

  async take(one: Step): Promise<void> {
    const { inbox } = this.#case.receiver;
    if (one.do === 'fault') inbox.setFault(one.fault);
    else if (one.do === 'heal') inbox.setFault(undefined);
    else if (one.do === 'kill') await this.#over('SIGKILL');
    else if (one.do === 'end') await this.#over(one.how);
    else {
      this.#process ??= await this.#case.start();
      if (one.do === 'log') await this.#process.log({ count: one.count + 1, size: 'mixed' });
      else await this.#process.flush(300);
    }
  }

  async #over(how: Ending): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    if (how === 'SIGKILL') await process.kill();
    else await process.end(how);
  }

  async end(): Promise<void> {
    this.#case.receiver.inbox.setFault(undefined);
    await this.#over('SIGKILL');
    await this.#case.settle();
    this.#case.judge();
  }
}

it('any history of calls, faults, kills and restarts loses nothing and leaves the ledgers exact', {
  timeout: sized(120_000, 1_200_000),
}, async (t) => {
  const steps = fc.array(step, { minLength: 4, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (history, seed) => {
      const c = new Case(t, seed);
      let isPassed = false;
      try {
        await c.receive({ isBrief: true });
        const service = new History(c);
        for (const one of history) await service.take(one);
        await service.end();
        isPassed = true;
      } finally {
        await c.close(isPassed);
      }
    }),
    {
      numRuns: sized(4, 200),
      interruptAfterTimeLimit: sized(30_000, 1_000_000),
      endOnFailure: true,
    },
  );
});
