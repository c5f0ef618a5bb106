// What a later init() asks for and does not get: the pipeline is made by the first call.

import { isDeepStrictEqual } from 'node:util';
import type { Notice } from './errors.ts';
import type { InitOptions } from './telemetry.ts';

/** Not to be compared: the same code may make a new one for each call. */
const opaque = new Set(['onNotice', 'processors', 'resourceDetectors', 'meterProvider']);

export function lateNotices(options: InitOptions, first: InitOptions): readonly Notice[] {
  const earlier = new Map<string, unknown>(Object.entries(first));
  const names = Object.entries(options)
    .filter(([name, value]) => name !== 'logger' && value !== undefined && value !== '')
    .filter(([name, value]) => {
      const given = earlier.get(name);
      return given === undefined || !(opaque.has(name) || isDeepStrictEqual(value, given));
    })
    .map(([name]) => name);
  if (names.length === 0) return [];
  const message = `init() was called before, and options of a later call have no effect: ${names.join(', ')}. Give them to the first call; otel-setup/register is one, without options.`;
  return [{ code: 'OTEL_SETUP_UNUSED', level: 'warn', message }];
}
