// Any value whatever, logged through init(): nothing throws, nobody loses a neighbour, all limits hold, and each value is
// rendered as docs/values.md says.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Telemetry } from 'otel-setup';
import { type Inbox, type StoredRecord, startInbox } from 'otlp-inbox';
import type { Sent } from '../values/case.ts';
import { anyGiant, anyValue } from '../values/hostile.ts';
import { model, unreadable } from '../values/model.ts';

const maxDepth = 8;
const maxEntries = 128;
const maxRecordBytes = 262_144 + 65_536;

describe('any value whatever', () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  let inbox: Inbox;
  let telemetry: Telemetry;
  before(async () => {
    inbox = await startInbox({ port: 0, maxBytes: 512 * 1024 * 1024 });
    const { init } = await import('otel-setup');
    // Random texts may look like secrets.
    telemetry = init({
      route: 'alloy',
      alloy: { endpoint: inbox.url },
      spoolDir: folder,
      console: 'off',
      redaction: false,
    });
  });
  after(async () => {
    await telemetry.shutdown();
    await inbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Logs each in several ways, each way between two plain records; gives what arrived. */
  async function log(values: readonly unknown[]): Promise<readonly StoredRecord[]> {
    inbox.clear();
    const { logger } = telemetry;
    for (const [id, value] of values.entries()) {
      logger.info('before', { id });
      logger.info('in a field', { id, value: [value] });
      logger.info('for the fields', value as never);
      logger.info('behind the fields', { id }, value);
      logger.info('for %s', value);
      logger.info(value as never);
      logger.log('info', value as never);
      logger.log({ level: 'info', message: value as never });
      logger.child({ id }).error(value as never);
      logger.info('after', { id });
    }
    await telemetry.flush();
    return inbox.records;
  }
  const calls = 10;

  function checkNeighbours(records: readonly StoredRecord[], count: number): void {
    assert.equal(records.length, count * calls);
    for (let id = 0; id < count; id++) {
      const first = records[id * calls];
      const last = records[id * calls + calls - 1];
      assert.deepEqual([first?.line, first?.record.attributes], ['before', { id }]);
      assert.deepEqual([last?.line, last?.record.attributes], ['after', { id }]);
    }
    assert.deepEqual(inbox.totals.rejected, 0, inbox.requests.at(-1)?.message);
    assert.deepEqual(telemetry.stats().dropped, {});
  }

  function checkLimits({ record, metadata }: StoredRecord): void {
    assert.ok(Object.keys(metadata).length <= maxEntries);
    assert.ok(record.bytes.length <= maxRecordBytes, `${record.bytes.length} bytes`);
    assert.ok(depthOf(record.attributes) <= maxDepth + 1 && depthOf(record.body) <= maxDepth);
  }

  it('is rendered as documented and harms nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyValue, { minLength: 1, maxLength: 12 }), async (recipes) => {
        const values = recipes.map((make) => make());
        const expected = values.map((value) => model(value, 1));
        const records = await log(values);
        checkNeighbours(records, values.length);
        records.forEach(checkLimits);
        const rendered = values.map((_, id) => records[id * calls + 1]?.record.attributes.value);
        assert.deepStrictEqual(
          rendered.map((value) => steady((value as readonly Sent[])[0] ?? null)),
          expected.map(steady),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('stays within the limits however large it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyGiant, { minLength: 1, maxLength: 2 }), async (recipes) => {
        const values = recipes.map((make) => make());
        const records = await log(values);
        checkNeighbours(records, values.length);
        records.forEach(checkLimits);
        for (let id = 0; id < values.length; id++) {
          const { attributes = {} } = records[id * calls + 1]?.record ?? {};
          assert.ok('otel_setup.truncated' in attributes);
        }
      }),
      { numRuns: 12 },
    );
  });
});

function depthOf(value: Sent): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return 0;
  }
  return 1 + Math.max(0, ...Object.values(value as Record<string, Sent>).map(depthOf));
}

/** Reasons are V8's own words, and a class's name may be missing where its text is. */
function steady(value: Sent): Sent {
  if (typeof value === 'string') {
    return value.replace(/\[unreadable(?:: [^\]]*)?\]/g, unreadable);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return value;
  }
  return Array.isArray(value)
    ? value.map(steady)
    : Object.fromEntries(
        Object.entries(value as Record<string, Sent>).map(([k, v]) => [k, steady(v)]),
      );
}
