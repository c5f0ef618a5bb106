// Level name -> OpenTelemetry severity number and a text that Loki's and Grafana's level detection knows.

export interface Severity {
  readonly number: number;
  /** One of trace, debug, info, warn, error, fatal: other texts become levels that no dashboard knows. */
  readonly text: string;
  /** The level's own name, where the text does not say it. */
  readonly name: string | undefined;
}

/** npm, syslog, cli and OpenTelemetry levels; the numbers are those of OpenTelemetry's winston transport. */
const numbers: Readonly<Record<string, number>> = {
  emerg: 23,
  alert: 22,
  crit: 21,
  critical: 21,
  fatal: 21,
  error: 17,
  err: 17,
  warn: 13,
  warning: 13,
  help: 11,
  notice: 10,
  data: 10,
  info: 9,
  http: 7,
  verbose: 6,
  debug: 5,
  prompt: 4,
  input: 2,
  silly: 1,
  trace: 1,
};

const texts = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export function severityText(number: number): string {
  return texts[Math.min(5, Math.max(0, Math.floor((number - 1) / 4)))] ?? 'info';
}

/** The severity of `level` among `levels` (name -> rank, 0 the most severe); custom names go by rank. */
export function severityOf(level: string, levels: Readonly<Record<string, number>>): Severity {
  const number = numbers[level] ?? byRank(level, levels);
  const text = severityText(number);
  return { number, text, name: text === level ? undefined : level };
}

/** A custom level stands between its nearest neighbours with a known number, else on a line from fatal to trace. */
function byRank(level: string, levels: Readonly<Record<string, number>>): number {
  const rank = levels[level];
  if (typeof rank !== 'number') {
    return 9;
  }
  const known = Object.entries(levels)
    .flatMap(([name, other]) =>
      numbers[name] === undefined ? [] : [{ rank: other, number: numbers[name] }],
    )
    .sort((a, b) => a.rank - b.rank);
  const above = known.findLast((other) => other.rank <= rank);
  const below = known.find((other) => other.rank >= rank);
  if (above !== undefined && below !== undefined) {
    return Math.round((above.number + below.number) / 2);
  }
  if (below !== undefined) {
    return Math.min(24, below.number + 2);
  }
  if (above !== undefined) {
    return Math.max(1, above.number - 2);
  }
  const lowest = Math.max(...Object.values(levels), 1);
  return Math.round(21 - (rank / lowest) * 20);
}
