// The few things of `process` that are used; everything else of it belongs to the application.

import type { EventEmitter } from 'node:events';

export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

export interface Host
  extends Pick<EventEmitter, 'on' | 'prependOnceListener' | 'removeListener' | 'listenerCount'> {
  readonly pid: number;
  readonly platform: string;
  kill(pid: number, signal: Signal): unknown;
}
