// The logger behind a child.

import type { Logger } from 'winston';

/** A child is no stream of its own: it hands each record, with its fields, to the logger it was made of. */
export function baseOf(logger: Logger): Logger {
  let base = logger;
  while (!Object.hasOwn(base, '_readableState')) {
    const parent: Logger | null = Object.getPrototypeOf(base);
    if (parent === null) return logger;
    base = parent;
  }
  return base;
}
