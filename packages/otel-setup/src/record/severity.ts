// Level name -> OpenTelemetry severity number and a text that Loki's and Grafana's level detection knows.

import type { Levels } from './info.ts';

export interface Severity {
  readonly number: number;
  /** One of trace, debug, info, warn, error, fatal: other texts become levels that no dashboard knows. */
  readonly text: string;
  /** The level's own name, where the text does not say it. */
  readonly name: string | undefined;
}

/** Level name -> severity number: what a user's table says. */
export type SeverityMapping = Readonly<Record<string, number>>;

/** npm, syslog, cli and OpenTelemetry levels; the numbers are those of OpenTelemetry's winston transport. */
const numbers: ReadonlyMap<string, number> = new Map([
  ['emerg', 23],
  ['emergency', 23],
  ['alert', 22],
  ['crit', 21],
  ['critical', 21],
  ['fatal', 21],
  ['error', 17],
  ['err', 17],
  ['warn', 13],
  ['warning', 13],
  ['help', 11],
  ['notice', 10],
  ['data', 10],
  ['info', 9],
  ['http', 7],
  ['verbose', 6],
  ['debug', 5],
  ['prompt', 4],
  ['input', 2],
  ['silly', 1],
  ['trace', 1],
]);

/** What Grafana knows as levels: 1, 5, 9, 13, 17 and 21. */
export type SeverityName = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** The lowest number of each text. */
export const severityTexts: Readonly<Record<SeverityName, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
};

const texts = Object.keys(severityTexts);
const info = severityTexts.info;

export function severityText(number: number): string {
  return texts[Math.min(5, Math.max(0, Math.floor((number - 1) / 4)))] ?? 'info';
}

/**
 * The severity of `level` among `levels` (name -> rank, 0 the most severe): by the user's table, by
 * its name in any case, else by its rank.
 */
export function severityOf(
  level: string,
  levels: Readonly<Record<string, number>>,
  mapping: SeverityMapping = {},
): Severity {
  const number = byName(level, mapping) ?? byRank(level, levels, mapping);
  const text = severityText(number);
  return { number, text, name: text === level ? undefined : level };
}

function byName(level: string, mapping: SeverityMapping): number | undefined {
  return Object.hasOwn(mapping, level) ? mapping[level] : numbers.get(level.toLowerCase());
}

/** A custom level stands evenly between the nearest ones that are known by name. */
function byRank(
  level: string,
  levels: Readonly<Record<string, number>>,
  mapping: SeverityMapping,
): number {
  const ranks = [...new Set(Object.values(levels))].sort((a, b) => a - b);
  const place = Object.hasOwn(levels, level) ? ranks.indexOf(levels[level] ?? Number.NaN) : -1;
  if (place < 0 || ranks.length === 1) {
    return info;
  }
  const known = Object.entries(levels)
    .flatMap(([name, rank]) => {
      const number = byName(name, mapping);
      return number === undefined ? [] : [{ place: ranks.indexOf(rank), number }];
    })
    .sort((a, b) => a.place - b.place);
  const above = known.findLast((other) => other.place <= place);
  const below = known.find((other) => other.place >= place);
  return between(place, above, below) ?? onTheLine(place, ranks.length);
}

interface Known {
  readonly place: number;
  readonly number: number;
}

function between(
  place: number,
  above: Known | undefined,
  below: Known | undefined,
): number | undefined {
  if (above !== undefined && below !== undefined) {
    const share = (place - above.place) / Math.max(1, below.place - above.place);
    return Math.round(above.number + (below.number - above.number) * share);
  }
  if (below !== undefined) {
    return Math.min(24, below.number + 2 * (below.place - place));
  }
  return above === undefined ? undefined : Math.max(1, above.number - 2 * (place - above.place));
}

/** From fatal to trace, where no level of the set is known. */
function onTheLine(place: number, count: number): number {
  return Math.round(21 - (place / (count - 1)) * 20);
}

/** Each level is looked up once. */
export function createSeverities(
  mapping: SeverityMapping | undefined,
): (level: string, levels: Levels) => Severity {
  let knownLevels: Levels | undefined;
  let known = new Map<string, Severity>();
  return (level, levels) => {
    if (levels !== knownLevels) {
      knownLevels = levels;
      known = new Map();
    }
    let found = known.get(level);
    if (found === undefined) {
      found = severityOf(level, levels, mapping);
      known.set(level, found);
    }
    return found;
  };
}
