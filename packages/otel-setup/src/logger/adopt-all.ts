// Every logger that a copy of winston makes, for applications that do not call init() themselves.

import type winston from 'winston';
import type { Logger } from 'winston';

type Configure = (this: Logger, ...args: unknown[]) => void;

/**
 * Calls `adopt` for the default logger of `library` and for each logger it makes from now on. The
 * hook is `Logger.prototype.configure`, which the constructor calls: exports of a CommonJS module are
 * copied when an ES module first imports it, so that replacing `createLogger` would come too late.
 */
export function adoptAllLoggers(library: typeof winston, adopt: (logger: Logger) => void): void {
  const defaultLogger = Object.getPrototypeOf(library.child({})) as Logger;
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(defaultLogger)) as {
    configure: Configure;
  };
  const { configure } = prototype;
  prototype.configure = function configureAndAdopt(...args): void {
    configure.apply(this, args);
    adopt(this);
  };
  adopt(defaultLogger);
}
