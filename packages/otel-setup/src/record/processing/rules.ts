// Processing rules as they were read: complete and checked.

import type { TextPattern } from './text-pattern.ts';

/** An attribute by its name; with more than one step also a field inside an attribute that is an object. */
export interface AttributePath {
  readonly name: string;
  readonly steps: readonly string[];
}

export type Simple = string | number | boolean;

export type ValueTest =
  | { readonly type: 'equals'; readonly value: Simple }
  | { readonly type: 'matches'; readonly pattern: TextPattern }
  | { readonly type: 'exists'; readonly exists: boolean };

/** What must hold together. */
export interface Conditions {
  /** Severity numbers from `from` up to, but not including, `below`. */
  readonly level: { readonly from: number; readonly below: number } | undefined;
  readonly attributes: readonly { readonly path: AttributePath; readonly test: ValueTest }[];
  readonly body: ValueTest | undefined;
  readonly eventName: ValueTest | undefined;
}

export type Action =
  | { readonly type: 'drop' }
  | { readonly type: 'sample'; readonly rate: number; readonly errors: boolean }
  | {
      readonly type: 'limit';
      readonly perSecond: number;
      readonly burst: number;
      readonly errors: boolean;
    }
  | {
      readonly type: 'rename';
      readonly names: readonly { readonly from: AttributePath; readonly to: string }[];
    }
  | { readonly type: 'add'; readonly attributes: readonly (readonly [string, Simple])[] }
  | { readonly type: 'remove'; readonly paths: readonly AttributePath[] };

export interface Rule {
  readonly name: string;
  readonly when: Conditions | undefined;
  readonly unless: Conditions | undefined;
  readonly action: Action;
}

/** From this severity on nothing is sampled or limited, unless the rule says so. */
export const firstError = 17;
