// Hot path: runs on the caller's thread for every record.
// What an info carries from its call, for a transport that comes to it later.

import { givenSymbol, type Info } from '../record/info.ts';
import { fieldsSymbol, type LogContext, stampFields } from './log-context.ts';
import { activeContext, contextSymbol } from './trace-context.ts';
import type { OtelSetupTransport } from './transport.ts';

interface Stamped {
  [contextSymbol]?: unknown;
  [givenSymbol]?: readonly unknown[] | undefined;
  [fieldsSymbol]?: unknown;
}

/** Always anew: an object that is logged twice, as an Error often is, still has what its first call left. */
export function stamp(
  info: Info,
  given: readonly unknown[] | undefined,
  transport: OtelSetupTransport | undefined,
  logContext: LogContext,
): void {
  if (typeof info !== 'object' || info === null) {
    return;
  }
  try {
    transport?.unmark(info);
    if (given !== undefined || info[givenSymbol] !== undefined) {
      (info as Stamped)[givenSymbol] = given;
    }
    const context = activeContext();
    if (context !== undefined) {
      (info as Stamped)[contextSymbol] = context;
    }
    stampFields(info, logContext);
  } catch {
    // A frozen info cannot be stamped; the transport then reads the context that is active.
  }
}

/** Takes off what stamp() has put on an object of the application's own, which may be printed or compared later. */
export function unstamp(info: Info): void {
  try {
    delete (info as Stamped)[fieldsSymbol];
    delete (info as Stamped)[contextSymbol];
    delete (info as Stamped)[givenSymbol];
  } catch {
    // Sealed meanwhile, by a format: then they stay.
  }
}
