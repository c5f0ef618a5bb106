// What each of contenders/*.ts provides, and their names.

import type { Fields } from './record.ts';

export interface Contender {
  /** One call of the library's own logger at level info. */
  info(fields: Fields): void;
  /** The same at a level that is switched off. */
  debug(fields: Fields): void;
  /** Sends what is waiting, as far as the library offers that. */
  flush(): Promise<void>;
  /** The library's orderly end: resolves when nothing more will be sent. */
  end(): Promise<void>;
  /** How many records the library itself says it gave up; missing where it does not say. */
  dropped?(): number;
}

export interface Setting {
  /** `http://127.0.0.1:<port>` of the receiver. */
  readonly endpoint: string;
  /** A directory on a disk, fresh for each trial. */
  readonly directory: string;
}

export type Setup = (setting: Setting) => Contender;

export const contenderNames = [
  'none',
  'ours-record',
  'ours-memory',
  'ours-memory-unredacted',
  'ours-record-console',
  'stock',
  'stock-console',
  'stock-tuned',
  'winston-loki',
  'pino-loki',
  'pino-opentelemetry-transport',
] as const;

export type ContenderName = (typeof contenderNames)[number];
