// The machine itself, for the pipeline of an application.

import { lookup, promises } from 'node:dns';
import * as fs from 'node:fs';
import type { LookupFunction } from 'node:net';
import { createLookup } from './deliver/lookup.ts';
import type { Clock, World } from './world.ts';

// Taken when the package is loaded: a test's fake timers come later, and delivery goes on while fake
// time stands still.
const { now } = Date;
const { setTimeout: set, clearTimeout: clear, performance } = globalThis;

export function realWorld(): World {
  const clock: Clock = {
    now,
    monotonic: () => performance.now(),
    setTimeout: (run, delayMs) => set(run, delayMs),
    clearTimeout: (timer) => clear(timer as NodeJS.Timeout),
  };
  return {
    clock,
    fs,
    lookup: createLookup({
      fs,
      clock,
      createResolver: (times) => new promises.Resolver(times),
      lookup: lookup as LookupFunction,
    }),
    random: Math.random,
  };
}
