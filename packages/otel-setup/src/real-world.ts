// The machine itself, for the pipeline of an application.

import { lookup, promises } from 'node:dns';
import * as fs from 'node:fs';
import type { LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';
import { createLookup } from './deliver/lookup.ts';
import type { Clock, World } from './world.ts';

// Taken when the package is loaded, and from Node's own modules: a test's fake timers come later, and delivery goes
// on while fake time stands still; those of jsdom are numbers.
const { now } = Date;
const monotonic = performance.now.bind(performance);
const { setTimeout: set, clearTimeout: clear } = timers;

export function realWorld(): World {
  const clock: Clock = {
    now,
    monotonic,
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
