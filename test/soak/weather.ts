// What the receiver does to its clients next, and for how long: by a seeded random.

import type { Fault } from 'otlp-inbox';

export interface Spell {
  readonly name: string;
  readonly ms: number;
  /** Undefined: nobody listens. */
  readonly faults: readonly Fault[] | undefined;
}

type Random = () => number;

const storms: readonly { readonly name: string; readonly faults: readonly Fault[] | undefined }[] =
  [
    { name: 'nobody listens', faults: undefined },
    { name: '503', faults: [{ type: 'status', status: 503 }] },
    { name: '429, retry after 1 s', faults: [{ type: 'retry-after', value: '1' }] },
    { name: '429', faults: [{ type: 'status', status: 429, probability: 0.7 }] },
    { name: 'slow', faults: [{ type: 'slow', ms: 700 }] },
    { name: 'connections cut', faults: [{ type: 'cut' }] },
    { name: 'answers lost', faults: [{ type: 'lost-answer', probability: 0.3 }] },
    { name: 'no answer', faults: [{ type: 'hang' }] },
    {
      name: 'a bit of everything',
      faults: [
        { type: 'status', status: 500, probability: 0.2 },
        { type: 'lost-answer', probability: 0.1 },
        { type: 'slow', ms: 300, probability: 0.3 },
      ],
    },
  ];

/** Calm and storm in turn. `scale` 1 is made for runs of five minutes and more. */
export function* weather(random: Random, scale: number): Generator<Spell, never> {
  const between = (least: number, most: number): number =>
    (least + random() * (most - least)) * scale;
  while (true) {
    yield { name: 'calm', ms: between(3_000, 12_000), faults: [] };
    const storm = storms[Math.floor(random() * storms.length)] ?? storms[0];
    if (storm !== undefined) yield { ...storm, ms: between(1_000, 15_000) };
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
