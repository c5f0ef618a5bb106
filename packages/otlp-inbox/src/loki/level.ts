// Finds `detected_level`: in the metadata, in the severity number, in the line.

import { levelInLine } from './level-in-line.ts';
import type { Pair } from './mapping.ts';

/** In the order in which Loki looks; `log.level` is in its list too, but no stored name has a dot. */
const levelFields = [
  'level',
  'LEVEL',
  'Level',
  'severity',
  'SEVERITY',
  'Severity',
  'SeverityText',
  'lvl',
  'LVL',
  'Lvl',
  'severity_text',
  'Severity_Text',
  'SEVERITY_TEXT',
];

const spellings: Readonly<Record<string, string>> = {
  trace: 'trace',
  trc: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'critical',
  fatal: 'fatal',
};

const ranks = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** A level nobody knows, such as `silly`, stays as it is. */
export function detectLevel(pairs: readonly Pair[], line: string): string {
  const own = pairs.findLast(([name]) => name === 'detected_level')?.[1];
  const text = own ?? firstOf(pairs, levelFields);
  if (text !== undefined) return knownLevel(text) ?? text;
  const number = firstOf(pairs, ['severity_number']);
  if (number !== undefined) return levelOfNumber(number);
  return levelInLine(line, levelFields, knownLevel);
}

/** Where names meet Loki looks at the first, though a query shows the last. */
function firstOf(pairs: readonly Pair[], names: readonly string[]): string | undefined {
  let rank = names.length;
  let text: string | undefined;
  for (const [name, value] of pairs) {
    const found = names.indexOf(name);
    if (found < 0 || found >= rank) continue;
    rank = found;
    text = value;
  }
  return text;
}

function knownLevel(text: string): string | undefined {
  const lower = text.toLowerCase();
  return Object.hasOwn(spellings, lower) ? spellings[lower] : undefined;
}

function levelOfNumber(text: string): string {
  if (!/^[+-]?\d+$/.test(text)) return 'info';
  const number = Number(text);
  if (number === 0 || number > 24) return 'unknown';
  return ranks[Math.max(0, Math.ceil(number / 4) - 1)] ?? 'unknown';
}
