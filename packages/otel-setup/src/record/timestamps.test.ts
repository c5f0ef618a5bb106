import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createTimestamps } from './timestamps.ts';

const total = ([seconds, nanos]: [number, number]) =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanos);

describe('timestamps', () => {
  it('rise by a nanosecond while the clock stands still', () => {
    const next = createTimestamps(() => 1_700_000_000_123);
    assert.deepEqual(
      [next(), next(), next()],
      [
        [1_700_000_000, 123_000_000],
        [1_700_000_000, 123_000_001],
        [1_700_000_000, 123_000_002],
      ],
    );
  });

  it('keep rising when the clock stutters backwards', () => {
    const times = [1_000, 1_005, 1_003, 1_004, 1_006];
    const next = createTimestamps(() => times.shift() ?? 0);
    const made = Array.from({ length: 5 }, () => total(next()));
    assert.deepEqual(
      made,
      [...made].sort((a, b) => (a < b ? -1 : 1)),
    );
    assert.equal(new Set(made).size, 5);
  });

  it('rise strictly, and stay within a second of the clock, however it stutters and leaps ahead', () => {
    const steps = fc.array(
      fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 1e9 })),
    );
    fc.assert(
      fc.property(steps, (given) => {
        let highest = 1_700_000_000_000;
        let now = highest;
        const next = createTimestamps(() => now);
        let last = total(next());
        for (const step of given) {
          now = Math.max(now + step, highest - 1_000);
          highest = Math.max(highest, now);
          const time = total(next());
          assert.ok(time > last);
          assert.ok(Math.abs(Number(time / 1_000_000n) - now) <= 1_000);
          last = time;
        }
      }),
    );
  });

  it('follow a clock that was set back, and repeat nothing', () => {
    let now = 10_000_000_000;
    const next = createTimestamps(() => now);
    const seen = new Set<bigint>();
    for (const step of [0, -3_600_000, 3_600_000, 691_200_000, -691_200_000, -3_600_000]) {
      now += step;
      for (let i = 0; i < 1_000; i++) {
        seen.add(total(next()));
      }
      assert.equal(Math.floor(Number(total(next()) / 1_000_000n)), now);
      seen.add(total(next()));
    }
    assert.equal(seen.size, 6 * 1_001);
  });
});
