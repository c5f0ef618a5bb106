// Whether what arrived is what a case expects.

import { deepStrictEqual } from 'node:assert/strict';
import type { Case, Expected, Sent } from './case.ts';
import type { Arrived } from './collect.ts';

/** Undefined where all is as expected, else what is not. */
export function differenceOf(expected: Case, { records, thrown }: Arrived): string | undefined {
  const [stored] = records;
  if (thrown !== undefined || stored === undefined || records.length > 1) {
    return `${records.length} records, ${thrown ?? 'nothing'} thrown`;
  }
  const { body, attributes, severityText, eventName } = stored.record;
  const { fields = {}, severity = 'info', event = '' } = expected;
  const isRight = {
    body: !differs(body, 'body' in expected ? expected.body : 'm'),
    fields: !differs(attributes, fields),
    severity: severityText === severity,
    'event name': eventName === event,
  };
  const wrong = Object.entries(isRight).filter(([, right]) => !right);
  return wrong.length === 0 ? undefined : wrong.map(([part]) => part).join(', ');
}

function differs(actual: Sent | undefined, expected: Expected | undefined): boolean {
  if (expected instanceof RegExp) {
    return typeof actual !== 'string' || !expected.test(actual);
  }
  if (typeof expected === 'function') {
    return !expected(actual);
  }
  if (isPlain(expected)) {
    const keys = Object.keys(expected);
    return (
      !isPlain(actual) ||
      Object.keys(actual).length !== keys.length ||
      keys.some((key) => differs(actual[key] as Sent, expected[key] as Expected))
    );
  }
  if (Array.isArray(expected)) {
    return (
      !Array.isArray(actual) ||
      actual.length !== expected.length ||
      expected.some((item, i) => differs(actual[i], item))
    );
  }
  return !isSame(actual, expected);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function isSame(actual: unknown, expected: unknown): boolean {
  try {
    deepStrictEqual(actual, expected);
    return true;
  } catch {
    // That is the answer.
    return false;
  }
}
