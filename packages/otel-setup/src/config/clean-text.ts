// A value as it was meant: without what copying and pasting leaves around it.

import { type Findings, listOf, type Setting } from './findings.ts';
import { variableNames } from './variables.ts';

const quotes = /^(?:"([\s\S]*)"|'([\s\S]*)'|`([\s\S]*)`|\u201c([\s\S]*)\u201d)$/;
/** Also within a value, as pages and `otel-setup env` write it: `https://otlp-gateway-<zone>.grafana.net/otlp`. */
const placeholder = /^(?:.*<[a-z][\w .:-]*>.*|\$\{\w+\}|\$\(\w+\)|\{\{[^}]*\}\}|%\w+%)$/i;
const assignment = /^(?:export |set |ENV |\$env:|- )?\s*([A-Z][A-Z0-9_]+)\s*[=:]\s*([\s\S]*)$/;

/** The value without whitespace, quotes and a pasted `NAME=` around it; undefined where nothing is left. */
export function cleanText(setting: Setting, findings: Findings): string | undefined {
  const { name, origin } = setting;
  const removed = new Set<string>();
  let value = setting.value;
  for (let round = 0; round < 4; round++) {
    const step = unwrap(value, name);
    if (step === undefined) break;
    removed.add(step.removed);
    value = step.value;
  }
  if (value === '') return undefined;
  const other = assignment.exec(value)?.[1];
  if (other !== undefined && other !== name && variableNames.includes(other)) {
    findings.problem(
      origin,
      `${name} holds a line for ${other}. Set each variable to its own value.`,
    );
    return undefined;
  }
  if (placeholder.test(value)) {
    findings.problem(
      origin,
      `${name} holds a placeholder that nothing filled in. Set the value itself.`,
    );
    return undefined;
  }
  if (removed.size > 0) {
    const what = [...removed].join(' and ');
    findings.notice(
      'OTEL_SETUP_VALUE_REPAIRED',
      'warn',
      `${name} had ${what} around its value; removed. Set the bare value.`,
    );
  }
  return value;
}

function unwrap(value: string, name: string): { value: string; removed: string } | undefined {
  const trimmed = value.replace(/^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$/g, '');
  if (trimmed !== value) return { value: trimmed, removed: 'whitespace or a line break' };
  const quoted = quotes.exec(value);
  if (quoted !== null)
    return { value: quoted.slice(1).find((part) => part !== undefined) ?? '', removed: 'quotes' };
  const pasted = assignment.exec(value);
  if (pasted?.[1] === name) return { value: pasted[2] ?? '', removed: 'its own name' };
  return undefined;
}

/** `LOG_ROUTE must be "direct" or "alloy", got ...` */
export function expectation(name: string, values: readonly string[], got: string): string {
  return `${name} must be ${listOf(values)}, got ${got}.`;
}
