import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codes, drain, drainOrphans, open, scratch, until } from './harness.test.ts';

const mebibyte = 1024 * 1024;
const texts = (count: number, mark: string): string[] =>
  Array.from({ length: count }, (_, index) => `${mark}-${index}`.padEnd(1_000, '.'));

function bytesBelow(path: string): number {
  return fs
    .readdirSync(path, { recursive: true })
    .map((name) => fs.lstatSync(join(path, String(name))))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

test('over the cap the oldest records go, and one gap tells how many and when', async (t) => {
  const opened = open(t, { maxBytes: 4 * mebibyte, ringBytes: 2 * mebibyte });
  const all = texts(20_000, 'a');
  for (const [index, text] of all.entries()) {
    opened.put(text);
    if (index % 500 === 0) {
      opened.clock.advance(100);
      assert.ok(bytesBelow(opened.root) <= 5 * mebibyte);
    }
  }
  assert.equal(opened.gaps.length, 0, 'not while the endpoint takes nothing');
  const kept = drain(opened.spool.own);
  assert.deepEqual(kept, all.slice(-kept.length));
  assert.ok(kept.length > 2_500);
  assert.deepEqual(opened.dropped, { disk_cap: 20_000 - kept.length });
  opened.clock.advance(1_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DISK_CAP']);
  const [gap] = opened.gaps;
  assert.equal(opened.gaps.length, 1);
  assert.deepEqual([gap?.count, gap?.reason], [20_000 - kept.length, 'disk_cap']);
  assert.ok((gap?.firstMs ?? 0) < (gap?.lastMs ?? 0));
  assert.ok((gap?.lastMs ?? 0) <= opened.clock.now());
});

test('orphans give way before our own records, a living process never', async (t) => {
  const root = scratch(t);
  const dead = open(t, { root });
  for (const text of texts(3_000, 'dead')) dead.put(text);
  dead.spool.close();
  const living = open(t, { root });
  living.clock.advance(0);
  await until(() => living.told.adopted > 0);
  const other = open(t, { root, service: 'other', maxBytes: 5 * mebibyte });
  for (const text of texts(6_000, 'other')) other.put(text);
  assert.deepEqual(living.dropped, {});
  assert.equal(drain(other.spool.own).length, 6_000 - (other.dropped.disk_cap ?? 0));
  assert.deepEqual(drainOrphans(living.spool), texts(3_000, 'dead'));

  const adopter = open(t, { root: scratch(t), maxBytes: 5 * mebibyte });
  const late = open(t, { root: adopter.root });
  for (const text of texts(3_000, 'late')) late.put(text);
  late.spool.close();
  adopter.clock.advance(0);
  await until(() => adopter.told.adopted > 0);
  for (const text of texts(3_500, 'own')) adopter.put(text);
  const { 'adopted disk_cap': given = 0, ...rest } = adopter.dropped;
  assert.ok(given > 0);
  assert.deepEqual(rest, {});
  assert.deepEqual(drainOrphans(adopter.spool), texts(3_000, 'late').slice(given));
  assert.deepEqual(drain(adopter.spool.own), texts(3_500, 'own'));
});

test('what was given up is not missed by the next start', async (t) => {
  const root = scratch(t);
  const dead = open(t, { root, maxBytes: 4 * mebibyte, ringBytes: 2 * mebibyte });
  for (const text of texts(3_000, 'a')) dead.put(text);
  const taken = dead.spool.own.take({ maxBytes: 10_000, maxExpandedBytes: 1e6 });
  for (const text of texts(10_000, 'b')) dead.put(text);
  const given = dead.dropped.disk_cap ?? 0;
  assert.ok(given > 0 && taken !== undefined);
  const left = dead.spool.own.pending;
  dead.spool.close();
  const next = open(t, { root });
  next.clock.advance(0);
  await until(() => next.told.rewoken > 0);
  assert.equal(next.told.adopted, left);
  const found = drainOrphans(next.spool);
  assert.equal(found.length, left);
  assert.deepEqual(next.dropped, {});
});
