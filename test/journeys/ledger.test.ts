// The ledger over random histories of one process's pipeline, against what the receiver has stored. Those with kills
// and restarts are in test/torture/histories.test.ts.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import fc from 'fast-check';
import type { Stats } from 'otel-setup';
import { type Fault, type Inbox, startInbox } from 'otlp-inbox';
import { readHost } from '../../packages/otel-setup/src/config/host.ts';
import { loadConfig } from '../../packages/otel-setup/src/config/load-config.ts';
import { start } from '../../packages/otel-setup/src/init.ts';
import { realWorld } from '../../packages/otel-setup/src/real-world.ts';
import { WildClock } from '../torture/child/clock.ts';
import { sized } from '../torture/settings.ts';

const speed = 40;
const perTurn = 50;

const isPoison = (id: unknown): boolean => typeof id === 'number' && id % 97 === 13;

const faults: readonly Fault[] = [
  { type: 'status', status: 503, body: 'busy' },
  { type: 'retry-after', value: '1' },
  { type: 'cut' },
  { type: 'lost-answer' },
  { type: 'html' },
  { type: 'partial', rejected: 3, message: 'three are not wanted' },
  { type: 'max-bytes', bytes: 4_000 },
  {
    type: 'poison',
    status: 400,
    body: 'not that one',
    test: ({ record }) => isPoison(record.attributes.id),
  },
];

type Step =
  | { readonly do: 'log'; readonly count: number; readonly size: number }
  | { readonly do: 'fault'; readonly fault: Fault; readonly times: number }
  | { readonly do: 'heal' | 'flush' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('log' as const),
    count: fc.integer({ min: 1, max: 200 }),
    size: fc.constantFrom(0, 20, 300, 3_000),
  }),
  fc.record({
    do: fc.constant('fault' as const),
    fault: fc.constantFrom(...faults),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.constantFrom({ do: 'heal' as const }, { do: 'flush' as const }),
);

let inbox: Inbox;
before(async () => {
  inbox = await startInbox({ port: 0, rules: 'none' });
  process.setMaxListeners(200);
});
after(async () => {
  await inbox.close();
  // Not before: a pipeline makes its folder anew where somebody removes it.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
});

/** Of all histories. */
const folder: string = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));

function droppedIn({ dropped }: Pick<Stats, 'dropped'>): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

function storedIds(): Set<unknown> {
  return new Set(inbox.records.map(({ record }) => record.attributes.id));
}

/** One process's pipeline, and the identity after each step. */
class History {
  logged = 0;
  samples = 0;
  readonly #handle: ReturnType<typeof start>;

  constructor(folder: string) {
    const env = {
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: inbox.url,
      LOG_SPOOL_DIR: folder,
      LOG_CONSOLE: 'off',
      OTEL_LOG_LEVEL: 'none',
      OTEL_SERVICE_NAME: 'ledger',
    };
    const real = realWorld();
    const world = { ...real, clock: new WildClock(real.clock, { speed }) };
    const config = loadConfig({}, { ...readHost(), env });
    const own = { logger: undefined, processors: [], onNotice: undefined, strict: false };
    this.#handle = start(config, world, own);
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'log') await this.#log(one.count, one.size);
    if (one.do === 'flush') await this.#flush(200);
    if (one.do === 'heal') inbox.setFault(undefined);
    if (one.do === 'fault') inbox.setFault({ ...one.fault, times: one.times });
    this.sample();
  }

  async #log(count: number, size: number): Promise<void> {
    const { logger } = this.#handle.telemetry;
    for (let i = 0; i < count; i++) {
      logger.info('x'.repeat(size), { id: this.logged++ });
      this.sample();
      if (i % perTurn === perTurn - 1) await new Promise(setImmediate);
    }
  }

  async #flush(timeoutMs: number): Promise<void> {
    let isOver = false;
    const flushed = this.#handle.telemetry.flush(timeoutMs * speed).then(() => {
      isOver = true;
    });
    while (!isOver) {
      this.sample();
      await new Promise(setImmediate);
    }
    await flushed;
  }

  sample(): Stats {
    const stats = this.#handle.telemetry.stats();
    const { accepted, delivered, pending } = stats;
    assert.equal(accepted, delivered + pending + droppedIn(stats), JSON.stringify(stats));
    assert.equal(accepted, this.logged);
    assert.ok(pending >= 0, JSON.stringify(stats));
    this.samples++;
    return stats;
  }

  /** Everything is settled in the end, and the ledger says what the receiver has. */
  async end(): Promise<Stats> {
    inbox.setFault(undefined);
    for (let round = 0; round < 40 && this.sample().pending > 0; round++) await this.#flush(500);
    await this.#handle.telemetry.shutdown(1_000);
    return this.sample();
  }
}

it('the ledger holds after each call and in each turn of any history, and is what the receiver has', {
  timeout: sized(60_000, 600_000),
}, async () => {
  let samples = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      inbox.clear();
      const history = new History(mkdtempSync(join(folder, 'history-')));
      for (const one of steps) await history.take(one);
      const stats = await history.end();
      samples += history.samples;
      assert.equal(stats.pending, 0, JSON.stringify({ steps, stats }));
      assert.equal(stats.delivered + droppedIn(stats), history.logged);
      assert.equal(storedIds().size, stats.delivered, JSON.stringify({ steps, stats }));
    }),
    { numRuns: sized(12, 300), interruptAfterTimeLimit: sized(20_000, 500_000) },
  );
  assert.ok(samples > 1_000, `${samples} samples`);
});
