// Processing rules from code or JSON: all problems at once, and the rules where there is none.

import { createAttributeNames, shownName } from '../attribute-name.ts';
import { indexLabels } from '../resource.ts';
import {
  type Fields,
  isFields,
  readFields,
  readFlag,
  readNumber,
  shown,
  type Tell,
  typeName,
} from './fields.ts';
import { attributePath, isSimple, readMatch } from './read-match.ts';
import { additionsOf } from './reserve.ts';
import { type Action, firstError, type Rule, type Simple } from './rules.ts';

export interface ReadProcessing {
  /** Empty where there is a problem. */
  readonly rules: readonly Rule[];
  readonly problems: readonly string[];
}

/** `name` is what a person knows the rules by: an option, or a file's variable. Never throws. */
export function readProcessing(value: unknown, name: string): ReadProcessing {
  try {
    return readWhole(value, name);
  } catch {
    // A getter that throws, a revoked proxy: only code can hand over such a thing.
    return { rules: [], problems: [`${name} cannot be read: one of its fields throws.`] };
  }
}

function readWhole(value: unknown, name: string): ReadProcessing {
  const problems: string[] = [];
  const tell = (problem: string) => problems.push(problem);
  const given = readFields(value, name, ['rules'], tell);
  if (given === undefined) {
    return { rules: [], problems };
  }
  if (!Array.isArray(given.rules)) {
    tell(`${name}.rules must be an array of rules, got ${typeName(given.rules)}.`);
    return { rules: [], problems };
  }
  const rules = given.rules.flatMap((rule: unknown, at) =>
    readRule(rule, at, `${name}.rules[${at}]`, tell),
  );
  checkSize(rules, name, tell);
  return { rules: problems.length === 0 ? rules : [], problems };
}

/** Loki takes 128 entries and 64 KiB of metadata with a record; most of it belongs to what was logged. */
const maxAdded = { entries: 32, bytes: 16_384 };

function checkSize(rules: readonly Rule[], name: string, tell: Tell): void {
  const { bytes, entries } = additionsOf(rules);
  if (entries > maxAdded.entries || bytes > maxAdded.bytes) {
    tell(
      `${name}.rules add ${entries} attributes of ${bytes} bytes to a record; at most ${maxAdded.entries} and ${maxAdded.bytes} bytes leave it room.`,
    );
  }
}

type ReadAction = (value: unknown, name: string, tell: Tell) => Action | undefined;

const actions: Readonly<Record<Action['type'], ReadAction>> = {
  drop: () => ({ type: 'drop' }),
  sample: readSample,
  limit: readLimit,
  rename: readRename,
  add: readAdd,
  remove: readRemove,
};
const kinds = Object.keys(actions) as Action['type'][];

function readRule(value: unknown, at: number, name: string, tell: Tell): Rule[] {
  const fields = readFields(value, name, ['name', ...kinds, 'when', 'unless'], tell);
  if (fields === undefined) {
    return [];
  }
  const [kind, ...more] = kinds.filter((each) => fields[each] !== undefined);
  if (kind === undefined || more.length > 0) {
    const got = kind === undefined ? 'none' : [kind, ...more].join(' and ');
    tell(`${name} must have one of ${kinds.join(', ')}, got ${got}.`);
    return [];
  }
  const action = actions[kind](fields[kind], `${name}.${kind}`, tell);
  const rule = {
    name: readName(fields.name, `${kind}-${at + 1}`, `${name}.name`, tell),
    when: readWhen(kind, fields, name, tell),
    unless:
      fields.unless === undefined ? undefined : readMatch(fields.unless, `${name}.unless`, tell),
  };
  if (action === undefined) {
    return [];
  }
  checkEffect({ ...rule, action }, name, tell);
  return [{ ...rule, action }];
}

function readWhen(kind: Action['type'], fields: Fields, name: string, tell: Tell): Rule['when'] {
  if (kind === 'drop') {
    if (fields.when !== undefined) {
      tell(`${name}.when is too much: what is dropped stands in drop.`);
    }
    return readMatch(fields.drop, `${name}.drop`, tell);
  }
  return fields.when === undefined ? undefined : readMatch(fields.when, `${name}.when`, tell);
}

function readName(value: unknown, fallback: string, name: string, tell: Tell): string {
  if (value === undefined) {
    return fallback;
  }
  if (typeof value === 'string' && /^[^\p{Cc}]{1,100}$/u.test(value)) {
    return value;
  }
  tell(`${name} must be one line of 1 to 100 characters.`);
  return fallback;
}

/** A rule for errors that spares errors would do nothing, and nobody would notice. */
function checkEffect({ when, action }: Rule, name: string, tell: Tell): void {
  if ('errors' in action && !action.errors && (when?.level?.from ?? 0) >= firstError) {
    tell(
      `${name}.${action.type} spares errors and is for errors only; set ${action.type}.errors to true to have it act on them.`,
    );
  }
}

function readSample(value: unknown, name: string, tell: Tell): Action | undefined {
  const fields = readFields(value, name, ['rate', 'errors'], tell);
  return (
    fields && {
      type: 'sample',
      rate: readNumber(fields.rate, `${name}.rate`, { min: 0.000001, max: 1 }, tell),
      errors: readFlag(fields.errors, `${name}.errors`, tell),
    }
  );
}

function readLimit(value: unknown, name: string, tell: Tell): Action | undefined {
  const fields = readFields(value, name, ['perSecond', 'burst', 'errors'], tell);
  if (fields === undefined) {
    return undefined;
  }
  const range = { min: 0.001, max: 1_000_000 };
  const perSecond = readNumber(fields.perSecond, `${name}.perSecond`, range, tell);
  const burst =
    fields.burst === undefined
      ? Math.max(1, perSecond)
      : readNumber(fields.burst, `${name}.burst`, { ...range, min: 1 }, tell);
  return {
    type: 'limit',
    perSecond,
    burst,
    errors: readFlag(fields.errors, `${name}.errors`, tell),
  };
}

function readRename(value: unknown, name: string, tell: Tell): Action | undefined {
  const entries = readEntries(value, name, tell);
  return {
    type: 'rename',
    names: entries.flatMap(([from, to]) => {
      const where = `${name}[${shown(from)}]`;
      if (typeof to !== 'string' || to === from) {
        tell(`${where} must be another name, got ${typeName(to)}.`);
        return [];
      }
      checkName(to, where, tell);
      return [{ from: attributePath(from), to }];
    }),
  };
}

function readAdd(value: unknown, name: string, tell: Tell): Action | undefined {
  const attributes = readEntries(value, name, tell).filter((entry): entry is [string, Simple] => {
    const [key, added] = entry;
    const where = `${name}[${shown(key)}]`;
    checkName(key, where, tell);
    if (!isSimple(added) || (typeof added === 'string' && added.length > 1_024)) {
      tell(`${where} must be a text of at most 1,024 characters, a number, true or false.`);
      return false;
    }
    return true;
  });
  return { type: 'add', attributes };
}

function readEntries(value: unknown, name: string, tell: Tell): [string, unknown][] {
  if (isFields(value) && Object.keys(value).length > 0) {
    return Object.entries(value);
  }
  tell(`${name} must be an object with at least one name, got ${typeName(value)}.`);
  return [];
}

function readRemove(value: unknown, name: string, tell: Tell): Action | undefined {
  const isList = Array.isArray(value) && value.length > 0;
  if (!isList || !value.every((each): each is string => typeof each === 'string' && each !== '')) {
    const got = Array.isArray(value) ? JSON.stringify(value).slice(0, 60) : typeName(value);
    tell(`${name} must be an array of attribute names, got ${got}.`);
    return undefined;
  }
  return { type: 'remove', paths: value.map(attributePath) };
}

/** A record's attribute would stand behind the label of the same name. */
const labelNames: ReadonlySet<string> = new Set([...indexLabels].map(shownName));

/** A new name must reach Loki as it is, and must not be taken for something else there. */
function checkName(name: string, where: string, tell: Tell): void {
  const { meaning, renamed, reserved } = createAttributeNames(labelNames)(name, undefined);
  if (renamed) {
    tell(
      `${where}: the new name must have a letter or digit of ASCII, and at most 256 characters.`,
    );
  } else if (meaning !== undefined || reserved) {
    tell(
      `${where}: ${shown(name)} has a meaning of its own in Loki or OpenTelemetry; choose another name.`,
    );
  }
}
