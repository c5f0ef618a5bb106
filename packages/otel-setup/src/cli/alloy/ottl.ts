// Words of OTTL and of Alloy's language.
// https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/pkg/ottl/README.md

import type {
  AttributePath,
  Conditions,
  Rule,
  Simple,
  ValueTest,
} from '../../record/processing/rules.ts';

/** A literal: OTTL's texts have Go's escapes, of which JSON's are a part. */
export function literal(value: Simple): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return decimal(value);
    case 'boolean':
      return String(value);
  }
}

/** OTTL knows no exponents, and 64 bits of integers. */
function decimal(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value)) return `${BigInt(value)}.0`;
  const plain = String(value);
  return plain.includes('e') ? value.toFixed(20).replace(/0+$/, '0') : plain;
}

/** An OTTL text as Alloy holds it: raw, where it can be. */
export function alloyText(ottl: string): string {
  return ottl.includes('`') ? JSON.stringify(ottl) : `\`${ottl}\``;
}

export function attribute(name: string): string {
  return `log.attributes[${literal(name)}]`;
}

/** The object that holds a field, and whether it is there; undefined for an attribute of its own. */
export function holderOf({
  steps,
}: AttributePath): { holder: string; isThere: string } | undefined {
  const outer = steps.slice(0, -1);
  if (outer.length === 0) return undefined;
  const holders = outer.map((_, i) => indexed(outer.slice(0, i + 1)));
  return {
    holder: holders.at(-1) ?? '',
    // A field of what is no map is an error in OTTL.
    isThere: holders.map((each) => `IsMap(${each})`).join(' and '),
  };
}

function indexed(steps: readonly string[]): string {
  return `log.attributes${steps.map((step) => `[${literal(step)}]`).join('')}`;
}

/** On which records a rule acts; undefined: on all. */
export function scopeOf({ when, unless }: Pick<Rule, 'when' | 'unless'>): string | undefined {
  const parts = [
    ...(when === undefined ? [] : [conditionOf(when)]),
    ...(unless === undefined ? [] : [`not (${conditionOf(unless)})`]),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function conditionOf({ level, attributes, body, eventName }: Conditions): string {
  const parts: string[] = [];
  if (level !== undefined) {
    parts.push(`log.severity_number >= ${level.from}`, `log.severity_number < ${level.below}`);
  }
  if (eventName !== undefined) parts.push(testOf(eventName, 'log.event_name'));
  for (const { path, test } of attributes) parts.push(attributeTest(path, test));
  if (body !== undefined) parts.push(testOf(body, 'log.body'));
  return parts.join(' and ');
}

function attributeTest(path: AttributePath, test: ValueTest): string {
  if (test.type === 'exists' && !test.exists) {
    return `not (${attributeTest(path, { type: 'exists', exists: true })})`;
  }
  const own = testOf(test, attribute(path.name));
  const inner = holderOf(path);
  if (inner === undefined) return own;
  return `(${own} or (${inner.isThere} and ${testOf(test, indexed(path.steps))}))`;
}

function testOf(test: ValueTest, value: string): string {
  switch (test.type) {
    case 'equals':
      return `${value} == ${literal(test.value)}`;
    case 'matches':
      // IsMatch makes texts of all else.
      return `(IsString(${value}) and IsMatch(${value}, ${literal(test.pattern.source ?? '')}))`;
    case 'exists':
      return `${value} != nil`;
  }
}
