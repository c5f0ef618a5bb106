// Hot path: what is made here runs on the caller's thread for every record.
// Conditions -> one function that says whether a record meets them all.

import type { AnyValue } from '../log-record.ts';
import type { MadeRecord } from '../made-record.ts';
import { findAttribute, findField } from './find-attribute.ts';
import type { Conditions, Rule, ValueTest } from './rules.ts';

export type Predicate = (record: MadeRecord) => boolean;

/** Whether a rule acts on a record; undefined: on all. */
export function compileScope({
  when,
  unless,
}: Pick<Rule, 'when' | 'unless'>): Predicate | undefined {
  const isMeant = when && compileConditions(when);
  const isSpared = unless && compileConditions(unless);
  if (isSpared === undefined) {
    return isMeant;
  }
  if (isMeant === undefined) {
    return (record) => !isSpared(record);
  }
  return (record) => isMeant(record) && !isSpared(record);
}

function compileConditions(conditions: Conditions): Predicate {
  const { level, body, eventName } = conditions;
  const tests: Predicate[] = [];
  if (level !== undefined) {
    const { from, below } = level;
    tests.push(({ severityNumber = 0 }) => severityNumber >= from && severityNumber < below);
  }
  if (eventName !== undefined) {
    const passes = compileTest(eventName);
    tests.push((record) => passes(record.eventName));
  }
  for (const attribute of conditions.attributes) {
    tests.push(compileAttribute(attribute));
  }
  // Last, as the longest text.
  if (body !== undefined) {
    const passes = compileTest(body);
    tests.push((record) => passes(record.body));
  }
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : all(tests);
}

function all(tests: readonly Predicate[]): Predicate {
  return (record) => {
    for (const test of tests) {
      if (!test(record)) {
        return false;
      }
    }
    return true;
  };
}

function compileAttribute({ path, test }: Conditions['attributes'][number]): Predicate {
  const { name, steps } = path;
  if (test.type === 'exists' && !test.exists) {
    const isThere = compileAttribute({ path, test: { type: 'exists', exists: true } });
    return (record) => !isThere(record);
  }
  const passes = compileTest(test);
  return steps.length === 1
    ? (record) => passes(findAttribute(record, name))
    : (record) => passes(findAttribute(record, name)) || passes(findField(record, steps));
}

function compileTest(test: ValueTest): (value: AnyValue) => boolean {
  switch (test.type) {
    case 'equals': {
      const { value: wanted } = test;
      return (value) => value === wanted;
    }
    case 'matches': {
      const { pattern } = test;
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    case 'exists':
      return (value) => value !== undefined && value !== null;
  }
}
