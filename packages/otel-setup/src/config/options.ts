// Options in code: unknown names, wrong types and ranges, all told at once.

import { readProcessing } from '../record/processing/read-processing.ts';
import { parsePath } from '../record/redaction/paths.ts';
import { presetNames } from '../record/redaction/redaction-options.ts';
import { severityTexts } from '../record/severity.ts';
import { expectation } from './clean-text.ts';
import type { ConfigOptions } from './config-options.ts';
import { type Findings, quote } from './findings.ts';
import { nearestWord } from './misspelt.ts';
import { variables } from './variables.ts';

type Check = (value: unknown, name: string) => readonly string[];

/** The options without the wrong ones, so that the rest can still be judged. */
export function checkOptions(given: ConfigOptions, findings: Findings): ConfigOptions {
  const object: unknown = given;
  if (!isRecord(object)) {
    findings.problem('code', `The options must be an object, got ${typeName(object)}.`);
    return {};
  }
  const wrong = checkFields(object, checks, '');
  for (const { problems } of wrong) for (const text of problems) findings.problem('code', text);
  const names = new Set(wrong.map(({ name }) => name));
  const rest = Object.entries(object).filter(([name]) => !names.has(name));
  const options: ConfigOptions = Object.fromEntries(rest);
  checkTogether(options, findings);
  return options;
}

function checkTogether(options: ConfigOptions, findings: Findings): void {
  if (options.headers !== undefined && (options.endpoint ?? '') === '') {
    findings.problem(
      'code',
      'option headers needs option endpoint: they travel as one set. For Alloy use alloy.headers.',
    );
  }
  if ((options.clientKey === undefined) !== (options.clientCertificate === undefined)) {
    findings.problem(
      'code',
      'option clientKey and option clientCertificate work only together; set both, or neither.',
    );
  }
}

const text: Check = (value, name) => {
  if (typeof value !== 'string') return [`${name} must be a string, got ${typeName(value)}.`];
  return value.includes('\0') ? [`${name} must not hold NUL.`] : [];
};

const textOrNumber: Check = (value, name) => (Number.isSafeInteger(value) ? [] : text(value, name));

function oneOf(values: readonly string[]): Check {
  return (value, name) => {
    if (typeof value === 'string' && values.includes(value)) return [];
    return [expectation(name, values, typeof value === 'string' ? quote(value) : typeName(value))];
  };
}

function integer(min: number, max: number): Check {
  return (value, name) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
      return [];
    return [`${name} must be a whole number from ${min} to ${max}, got ${numberOrType(value)}.`];
  };
}

const keys: Check = (value, name) => {
  if (!Array.isArray(value)) return [`${name} must be an array of keys, got ${typeName(value)}.`];
  const wrong = value.filter((key) => typeof key !== 'string' || key === '');
  const got = wrong[0] === '' ? 'an empty one' : typeName(wrong[0]);
  return wrong.length === 0 ? [] : [`${name} must hold keys only, got ${got}.`];
};

const severities: Check = (value, name) => {
  if (!isRecord(value)) return [`${name} must be an object, got ${typeName(value)}.`];
  const expected = Object.keys(severityTexts).map(quote).join(', ');
  return Object.entries(value).flatMap(([level, severity]) => {
    if (isSeverity(severity)) return [];
    const got = typeof severity === 'string' ? quote(severity) : numberOrType(severity);
    return [
      `${name}[${quote(level)}] must be ${expected} or a whole number from 1 to 24, got ${got}.`,
    ];
  });
};

const headers: Check = (value, name) => {
  if (!isRecord(value)) return [`${name} must be an object of strings, got ${typeName(value)}.`];
  const wrong = Object.values(value).filter((entry) => typeof entry !== 'string');
  return wrong.length === 0 ? [] : [`${name} must hold strings only, got ${typeName(wrong[0])}.`];
};

const attributes: Check = (value, name) => {
  if (!isRecord(value)) return [`${name} must be an object, got ${typeName(value)}.`];
  return Object.entries(value).flatMap(([key, entry]) => {
    if (key !== '' && isAttribute(entry)) return [];
    return [
      `${name}[${quote(key)}] must be a string, number, boolean or an array of strings, got ${typeName(entry)}.`,
    ];
  });
};

function group(fields: Readonly<Record<string, Check>>): Check {
  return (value, name) => {
    if (!isRecord(value)) return [`${name} must be an object, got ${typeName(value)}.`];
    return checkFields(value, fields, `${name}.`).flatMap(({ problems }) => problems);
  };
}

function each(check: Check): Check {
  return (value, name) =>
    Array.isArray(value)
      ? value.flatMap((entry, i) => check(entry, `${name}[${i}]`))
      : [`${name} must be an array, got ${typeName(value)}.`];
}

function path(value: unknown, name: string): readonly string[] {
  if (typeof value !== 'string') return text(value, name);
  if (parsePath(value) !== undefined) return [];
  return [
    `${name} must be a path like req.headers["x-session"] or users[*].name, got ${quote(value)}.`,
  ];
}

function pattern(value: unknown, name: string): readonly string[] {
  return value instanceof RegExp ? [] : [`${name} must be a RegExp, got ${typeName(value)}.`];
}

function redactionOf(fields: Readonly<Record<string, Check>>): Check {
  return (value, name) => {
    if (value === false || isRecord(value))
      return value === false ? [] : group(fields)(value, name);
    return [`${name} must be false or an object, got ${typeName(value)}.`];
  };
}

function valuesOf(variable: string): readonly string[] {
  return variables.find(({ names }) => names.includes(variable))?.values ?? [];
}

const checks: Readonly<Record<keyof ConfigOptions, Check>> = {
  route: oneOf(valuesOf('LOG_ROUTE')),
  serviceName: text,
  serviceVersion: text,
  serviceNamespace: text,
  environment: text,
  resourceAttributes: attributes,
  endpoint: text,
  headers,
  grafanaCloud: group({ endpoint: text, instanceId: textOrNumber, apiKey: text }),
  alloy: group({ endpoint: text, headers }),
  certificate: text,
  clientKey: text,
  clientCertificate: text,
  timeoutMs: integer(1, 0x7fffffff),
  compression: oneOf(valuesOf('OTEL_EXPORTER_OTLP_COMPRESSION')),
  level: oneOf(valuesOf('LOG_LEVEL')),
  console: oneOf(valuesOf('LOG_CONSOLE')),
  durability: oneOf(valuesOf('LOG_DURABILITY')),
  spoolDir: text,
  spoolMaxBytes: integer(1_048_576, Number.MAX_SAFE_INTEGER),
  attributeCountLimit: integer(0, 0x7fffffff),
  attributeValueLengthLimit: integer(0, 0x7fffffff),
  severityMapping: severities,
  redaction: redactionOf({
    presets: each(oneOf(presetNames)),
    keys,
    allowKeys: keys,
    paths: each(path),
    patterns: each(pattern),
    censor: (value, name) => (value === '' ? [`${name} must not be empty.`] : text(value, name)),
  }),
  processing: (value, name) => readProcessing(value, name).problems,
  baggageKeys: keys,
};

function checkFields(
  object: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Check>>,
  prefix: string,
): { name: string; problems: readonly string[] }[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const full = `option ${prefix.replace(/^option /, '')}${name}`;
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const problems = check === undefined ? [unknownOption(full, name, fields)] : check(value, full);
    return problems.length === 0 ? [] : [{ name, problems }];
  });
}

function unknownOption(
  full: string,
  name: string,
  fields: Readonly<Record<string, Check>>,
): string {
  const known = Object.keys(fields);
  const lower = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const meant = lower ?? nearestWord(name, known);
  const advice = meant === undefined ? `Known are: ${known.join(', ')}.` : `"${meant}" is meant?`;
  return `${full} is unknown. ${advice}`;
}

function isAttribute(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string');
  if (typeof value === 'number') return Number.isFinite(value);
  return value === undefined || typeof value === 'string' || typeof value === 'boolean';
}

function isSeverity(value: unknown): boolean {
  if (typeof value === 'string') return Object.hasOwn(severityTexts, value);
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 24;
}

/** What is read by iterating (a Map, fetch's Headers) has no fields, and would be taken for empty. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

function numberOrType(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeName(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && Symbol.iterator in value
    ? Object.prototype.toString.call(value).slice(8, -1)
    : typeof value;
}
