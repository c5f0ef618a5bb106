// What processing rules may say: one schema, in code and as JSON.

import type { SeverityName } from '../severity.ts';

/** OpenTelemetry's short names, as Loki shows them in `detected_level`. Each covers four severity numbers. */
export type LevelName = SeverityName;

/** A level, or one of OpenTelemetry's severity numbers from 1 to 24 (winston's `http` is 7, `verbose` 6). */
export type LevelBound = LevelName | number;

/**
 * A pattern for strings; it may match anywhere in the text. A text is in RE2's syntax, takes time in
 * proportion to the text that is searched, and means the same in Alloy; `(?i)` at its start ignores case. A
 * RegExp, in code only, is JavaScript's: it backtracks, so that a bad one holds up
 * the caller, and sees the first 4,096 characters.
 */
export type Pattern = { readonly matches: string } | RegExp;

/** A value that is equal, in type as well; a pattern for strings; or whether the attribute is there at all. */
export type AttributeCondition = string | number | boolean | Pattern | { readonly exists: boolean };

/** Conditions that all hold. */
export interface Match {
  /** This level; or a range. A record without severity has no level. */
  readonly level?: LevelName | { readonly below?: LevelBound; readonly atLeast?: LevelBound };
  /** By name. A name with dots also means a field inside an object: `req.url`. */
  readonly attributes?: Readonly<Record<string, AttributeCondition>>;
  /** The message, where it is a string. */
  readonly body?: string | Pattern;
  readonly eventName?: string | Pattern;
}

interface Exception {
  /** Names the rule in `stats().processed` and in notices. @default its kind and its place, `drop-1` */
  readonly name?: string;
  /** The rule leaves records alone that match this. */
  readonly unless?: Match;
}

interface Condition extends Exception {
  /** The rule acts on records that match this. @default all */
  readonly when?: Match;
}

/** Takes out every record that matches, errors included. */
export interface DropRule extends Exception {
  readonly drop: Match;
}

/**
 * Keeps a share of the records. All records of a trace share one verdict, in every process and in Alloy's
 * `otelcol.processor.probabilistic_sampler`; one without a trace is judged by its timestamp.
 */
export interface SampleRule extends Condition {
  readonly sample: {
    /** The share that is kept, from 0.000001 to 1. */
    readonly rate: number;
    /** Sample `error` and above as well. @default false */
    readonly errors?: boolean;
  };
}

/** Keeps so many records a second of each level: a token bucket a level. Alloy has nothing like it. */
export interface LimitRule extends Condition {
  readonly limit: {
    /** Records a second, of each level by itself; above 0. */
    readonly perSecond: number;
    /** Records a bucket holds when it is full. @default perSecond, at least 1 */
    readonly burst?: number;
    /** Limit `error` and above as well. @default false */
    readonly errors?: boolean;
  };
}

/** Old name -> new name. Where a record has the new name already, nothing is renamed. */
export interface RenameRule extends Condition {
  readonly rename: Readonly<Record<string, string>>;
}

/** Attributes for records that do not have them yet. */
export interface AddRule extends Condition {
  readonly add: Readonly<Record<string, string | number | boolean>>;
}

/** Takes attributes out, by name; a name with dots also means a field inside an object. */
export interface RemoveRule extends Condition {
  readonly remove: readonly string[];
}

/** One rule; each has one of these six kinds. */
export type ProcessingRule = DropRule | SampleRule | LimitRule | RenameRule | AddRule | RemoveRule;

/** Rules that every record passes in their order, after redaction and before it counts as accepted. */
export interface Processing {
  readonly rules: readonly ProcessingRule[];
}
