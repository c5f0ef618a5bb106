// Guesses a level from a line's text, for records that were sent without any.

type KnownLevel = (text: string) => string | undefined;

const words: readonly (readonly [word: string, level: string])[] = [
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['fatal', 'fatal'],
  ['critical', 'critical'],
  ['error', 'error'],
  ['err', 'error'],
  ['warning', 'warn'],
  ['warn', 'warn'],
  ['info', 'info'],
];

/** Loki looks this deep into a JSON line for a field that names the level. */
const maxDepth = 2;

/** A JSON or logfmt field first, else the first word that names a level, else 'unknown'. */
export function levelInLine(line: string, fields: readonly string[], known: KnownLevel): string {
  const text = fieldText(line, fields);
  return (text === undefined ? undefined : known(text)) ?? firstWord(line);
}

function fieldText(line: string, fields: readonly string[]): string | undefined {
  if (isJson(line)) return jsonField(parsed(line), [...fields, 'log.level'], 0);
  return line.includes('=') ? logfmtField(line, fields) : undefined;
}

function isJson(line: string): boolean {
  const text = line.trim();
  return text.startsWith('{') && text.endsWith('}');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Looks like JSON and is none: the words decide.
    return undefined;
  }
}

function jsonField(value: unknown, fields: readonly string[], depth: number): string | undefined {
  if (depth >= maxDepth || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  for (const [key, one] of Object.entries(value)) {
    const found =
      typeof one === 'string' && fields.includes(key) ? one : jsonField(one, fields, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function logfmtField(line: string, fields: readonly string[]): string | undefined {
  let rank = fields.length;
  let text: string | undefined;
  for (const match of line.matchAll(/([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g)) {
    const key = match[1]?.toLowerCase();
    const found = fields.findIndex((name) => name.toLowerCase() === key);
    if (found < 0 || found >= rank) continue;
    rank = found;
    text = match[2] ?? match[3];
  }
  return text;
}

function firstWord(line: string): string {
  const lower = line.toLowerCase();
  let first = lower.length;
  let level = 'unknown';
  for (const [word, meaning] of words) {
    const at = wordAt(lower, word);
    if (at >= 0 && at < first) {
      first = at;
      level = meaning;
    }
  }
  return level;
}

const left = ' \t\n[({"\'=|';
const right = ' \t\n[](){}:,!"\'=|';

function wordAt(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const startsWord = at === 0 || left.includes(text.charAt(at - 1));
    if (startsWord && (end === text.length || right.includes(text.charAt(end)))) return at;
  }
  return -1;
}
