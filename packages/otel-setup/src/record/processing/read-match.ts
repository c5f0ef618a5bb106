// The conditions of a rule, from what a person wrote.

import { severityTexts } from '../severity.ts';
import { isFields, readFields, shown, type Tell, typeName } from './fields.ts';
import type { AttributePath, Conditions, Simple, ValueTest } from './rules.ts';
import { PatternError, regExpPattern, textPattern } from './text-pattern.ts';

/** The first severity number of each level; a level has four. */
const levels: Readonly<Record<string, number>> = severityTexts;
const beyond = 25;
const levelNames = Object.keys(levels).join(', ');

export function readMatch(value: unknown, name: string, tell: Tell): Conditions {
  const known = ['level', 'attributes', 'body', 'eventName'];
  const fields = readFields(value, name, known, tell) ?? {};
  const found = known.filter((key) => fields[key] !== undefined);
  if (isFields(value) && found.length === 0) {
    tell(`${name} needs a condition: one or more of ${known.join(', ')}.`);
  }
  const text = (key: string): ValueTest | undefined =>
    fields[key] === undefined ? undefined : readTest(fields[key], `${name}.${key}`, 'text', tell);
  return {
    level: fields.level === undefined ? undefined : readLevel(fields.level, `${name}.level`, tell),
    attributes: readAttributes(fields.attributes, `${name}.attributes`, tell),
    body: text('body'),
    eventName: text('eventName'),
  };
}

function readLevel(value: unknown, name: string, tell: Tell): Conditions['level'] {
  if (typeof value === 'string' && Object.hasOwn(levels, value)) {
    const from = levels[value] ?? 0;
    return { from, below: from + 4 };
  }
  if (!isFields(value)) {
    tell(`${name} must be one of ${levelNames}, or an object with below or atLeast.`);
    return undefined;
  }
  const fields = readFields(value, name, ['below', 'atLeast'], tell) ?? {};
  const from = readBound(fields.atLeast, `${name}.atLeast`, 1, tell);
  const below = readBound(fields.below, `${name}.below`, beyond, tell);
  if (from >= below || (from === 1 && below === beyond)) {
    tell(`${name} needs below, atLeast, or both with a level between them.`);
  }
  return { from, below };
}

function readBound(value: unknown, name: string, fallback: number, tell: Tell): number {
  if (value === undefined) {
    return fallback;
  }
  if (typeof value === 'string' && Object.hasOwn(levels, value)) {
    return levels[value] ?? fallback;
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 24) {
    return value;
  }
  tell(`${name} must be one of ${levelNames}, or a severity number from 1 to 24.`);
  return fallback;
}

function readAttributes(value: unknown, name: string, tell: Tell): Conditions['attributes'] {
  if (value === undefined) {
    return [];
  }
  if (!isFields(value) || Object.keys(value).length === 0) {
    tell(`${name} must be an object of names and conditions, got ${typeName(value)}.`);
    return [];
  }
  return Object.entries(value).flatMap(([key, given]) => {
    const test = readTest(given, `${name}[${shown(key)}]`, 'any', tell);
    return test === undefined ? [] : [{ path: attributePath(key), test }];
  });
}

function readTest(
  value: unknown,
  name: string,
  kind: 'text' | 'any',
  tell: Tell,
): ValueTest | undefined {
  if (typeof value === 'string' || (kind === 'any' && isSimple(value))) {
    return { type: 'equals', value };
  }
  if (value instanceof RegExp) {
    return { type: 'matches', pattern: regExpPattern(value) };
  }
  const fields = isFields(value) ? value : {};
  const [only, ...more] = Object.keys(fields);
  if (only === 'matches' && typeof fields.matches === 'string' && more.length === 0) {
    return readPattern(fields.matches, name, tell);
  }
  if (kind === 'any' && only === 'exists' && more.length === 0) {
    const { exists } = fields;
    if (typeof exists === 'boolean') {
      return { type: 'exists', exists };
    }
  }
  const others = kind === 'any' ? ', a number, true, false, {"exists": true}' : '';
  tell(`${name} must be a text${others} or {"matches": "<pattern>"}, got ${typeName(value)}.`);
  return undefined;
}

function readPattern(source: string, name: string, tell: Tell): ValueTest | undefined {
  try {
    return { type: 'matches', pattern: textPattern(source) };
  } catch (error) {
    if (!(error instanceof PatternError)) {
      throw error;
    }
    tell(`${name}.matches is no pattern: it ${error.message}.`);
    return undefined;
  }
}

export function isSimple(value: unknown): value is Simple {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

export function attributePath(name: string): AttributePath {
  const steps = name.split('.');
  return { name, steps: steps.includes('') ? [name] : steps };
}
