// Hot path: runs on the caller's thread for every record.
// The line for transports that the application adds to the logger that init() makes.

import type { Logger } from 'winston';
import type { Info } from '../record/info.ts';
import { messageSymbol, ownConsoleOf, type Print, withLine } from './own-console.ts';

/** Where a logger keeps our transport, whichever copy of this package has added it. */
export const adoptedSymbol: unique symbol = Symbol.for('otel-setup.adopted') as never;

/**
 * winston's transports print what the logger's format has left under `Symbol.for('message')`, and the word `undefined`
 * where it has left nothing. One with a format of its own makes its line itself.
 */
export function lineForAdded(logger: Logger, info: Info, print: Print['info']): Info {
  if (!isLineRead(logger)) {
    return info;
  }
  const line = print(info, logger.levels);
  try {
    return Object.assign(info, { [messageSymbol]: line });
  } catch {
    // Frozen.
    return withLine(info, line);
  }
}

interface Insides {
  readonly [adoptedSymbol]?: object;
  readonly _readableState: { readonly pipes: unknown };
}

function isLineRead(logger: Logger): boolean {
  const { [adoptedSymbol]: ours, _readableState: readable } = logger as unknown as Insides;
  // The commonest case; `transports` would make a list of the one.
  if (ours !== undefined && readable.pipes === ours) {
    return logger.listenerCount('data') > 1;
  }
  const { transports } = logger;
  const shown = ownConsoleOf(logger)?.transport;
  for (const transport of transports) {
    if (transport !== ours && transport !== shown && !transport.format) {
      return true;
    }
  }
  // Each transport listens once.
  return logger.listenerCount('data') > transports.length;
}
