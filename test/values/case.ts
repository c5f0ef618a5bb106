// One kind of value or call: what an application writes, and what has to arrive.

import type { StoredRecord } from 'otlp-inbox';

export type Sent = StoredRecord['record']['body'];

/** A text may be told by a pattern, any value by a question to it. */
export type Expected =
  | Sent
  | RegExp
  | ((value: Sent | undefined) => boolean)
  | readonly Expected[]
  | { readonly [key: string]: Expected };

export interface Case {
  readonly name: string;
  /** As an application has it; `program.ts` lists the names that it may use. Logs one record. */
  readonly code: string;
  /** @default 'm' */
  readonly body?: Expected;
  /** All attributes. @default none */
  readonly fields?: { readonly [key: string]: Expected };
  /** The severity's text. @default 'info', and 'error' where fields begin with `exception.` */
  readonly severity?: string;
  readonly event?: string;
  /** Attributes whose values differ from run to run. */
  readonly volatile?: readonly string[];
}

export interface Group {
  readonly title: string;
  readonly cases: readonly Case[];
}
