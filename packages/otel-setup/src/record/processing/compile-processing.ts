// Hot path: what is made here runs on the caller's thread for every record.
// Rules -> one function that every record passes: it comes back, perhaps changed, or it is taken out.

import type { MadeRecord } from '../made-record.ts';
import { adding, type Change, removing, renaming } from './change-record.ts';
import { compileScope } from './compile-conditions.ts';
import { type Action, firstError, type Rule } from './rules.ts';
import { createSampler } from './sampling.ts';
import { createTokenBuckets } from './token-bucket.ts';

/** Undefined: a rule took the record out, and told so. A record that no rule changes comes back itself. */
export type Process = (record: MadeRecord) => MadeRecord | undefined;

export interface ProcessOptions {
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** A rule took one record out. */
  tookOut(rule: string): void;
}

/** Undefined where there are no rules. */
export function compileProcessing(
  rules: readonly Rule[],
  options: ProcessOptions,
): Process | undefined {
  const steps = rules.map((rule) => compileRule(rule, options));
  if (steps.length === 0) {
    return undefined;
  }
  return (record) => {
    let current: MadeRecord | undefined = record;
    for (let i = 0; i < steps.length && current !== undefined; i++) {
      current = (steps[i] as Process)(current);
    }
    return current;
  };
}

function compileRule(rule: Rule, options: ProcessOptions): Process {
  const isMeant = compileScope(rule);
  const act = compileAction(rule.action, options.monotonic);
  const { name } = rule;
  return (record) => {
    if (isMeant !== undefined && !isMeant(record)) {
      return record;
    }
    const left = act(record);
    if (left === undefined) {
      options.tookOut(name);
    }
    return left;
  };
}

function compileAction(action: Action, monotonic: () => number): Process {
  switch (action.type) {
    case 'drop':
      return () => undefined;
    case 'sample': {
      const isKept = createSampler(action.rate);
      const first = action.errors ? Number.POSITIVE_INFINITY : firstError;
      return (record) => (isFrom(first, record) || isKept(record) ? record : undefined);
    }
    case 'limit': {
      const isPassed = createTokenBuckets(action, monotonic);
      const first = action.errors ? Number.POSITIVE_INFINITY : firstError;
      return (record) =>
        isFrom(first, record) || isPassed(record.severityNumber) ? record : undefined;
    }
    case 'rename':
      return inTurn(action.names.map(({ from, to }) => renaming(from, to)));
    case 'add':
      return inTurn(action.attributes.map(([name, value]) => adding(name, value)));
    case 'remove':
      return inTurn(action.paths.map(removing));
  }
}

function isFrom(severity: number, { severityNumber = 0 }: MadeRecord): boolean {
  return severityNumber >= severity;
}

function inTurn(changes: readonly Change[]): Change {
  return (record) => {
    let current = record;
    for (const change of changes) {
      current = change(current);
    }
    return current;
  };
}
