// The verdicts of the oracle: each looks at the evidence and says what is wrong with it, in sentences; an empty
// list is a pass.

import { countNew, type Evidence, idsOnDisk } from './evidence.ts';
import { formatId } from './payload.ts';
import { type Counts, type NoticeLine, type Sample, sumOf } from './samples.ts';

export interface Allowances {
  /**
   * `none`, or `counted`: as many as the ledgers of the processes that ended in order count as dropped.
   * @default none
   */
  readonly lost?: 'none' | 'counted';
  /** Stored copies beyond the first. @default no bound: they need only be byte-identical */
  readonly duplicates?: number;
  /** Records that may still lie on disk when the case ends. @default 0 */
  readonly left?: number;
  /** Directories that may stay below the root when the case ends. @default 0 */
  readonly directories?: number;
  /** Codes of all notices of level warn and error; undefined: not looked at. */
  readonly notices?: readonly string[];
  /** Records the SDK writes about itself, where the run's own ids do not show them. @default those stored */
  readonly own?: number;
}

export type Verdict = (evidence: Evidence, allowances: Allowances) => string[];

const maxTold = 10;
const quietMs = 59_000;

/** O − stored − still on disk − quarantined. */
export function missingIds(evidence: Evidence): string[] {
  const { arrivals, obligations } = evidence;
  const { left, quarantined } = idsOnDisk(evidence);
  const missing: string[] = [];
  for (const [writer, max] of obligations) {
    for (let seq = 1; seq <= max; seq++) {
      if (arrivals.has(writer, seq)) continue;
      const id = formatId(arrivals.run, writer, seq);
      if (!left.has(id) && !quarantined.has(id)) missing.push(id);
    }
  }
  return missing;
}

export const lost: Verdict = (evidence, allowances) => {
  const missing = missingIds(evidence);
  const { quarantined } = idsOnDisk(evidence);
  const kept = countNew(quarantined, evidence.arrivals);
  const counted = allowances.lost === 'counted' ? Math.max(0, droppedIn(evidence) - kept) : 0;
  if (missing.length === counted) return [];
  const named = missing.slice(0, maxTold).join(', ');
  return [`${missing.length} records are lost, ${counted} are counted as dropped: ${named}`];
};

/** What the processes' last words count as dropped, adopted records included. */
export function droppedIn({ samples }: Evidence): number {
  let count = 0;
  for (const list of samples.values()) {
    const last = list.at(-1);
    if (last !== undefined) count += sumOf(last.dropped) + sumOf(last.adopted.dropped);
  }
  return count;
}

export const genuine: Verdict = ({ arrivals, obligations, spool }) => {
  const problems = arrivals.wrong.map((text) => `stored, and not what was logged: ${text}`);
  for (const [writer, { max }] of arrivals.writers) {
    const returned = obligations.get(writer);
    if (returned === undefined) problems.push(`nobody is the writer ${writer}`);
    else if (max > returned + 1) problems.push(`${writer} logged ${returned}, stored is ${max}`);
  }
  for (const { path, pending } of spool.directories) {
    const wrong = pending.filter(({ payload }) => payload === 'wrong');
    if (wrong.length > 0) problems.push(`${wrong.length} records in ${path} are altered`);
  }
  return problems;
};

export const duplicates: Verdict = ({ arrivals }, { duplicates: bound }) => {
  const problems = arrivals.altered.map((text) => `came again with other bytes: ${text}`);
  if (bound !== undefined && arrivals.duplicates > bound) {
    problems.push(`${arrivals.duplicates} records came again, ${bound} may`);
  }
  return problems;
};

export const order: Verdict = ({ arrivals }) =>
  arrivals.disordered.map((text) => `came out of order: ${text}`);

export const ledger: Verdict = (evidence, allowances) => {
  const problems: string[] = [];
  for (const [writer, list] of evidence.samples) {
    for (const [index, sample] of list.entries()) {
      const wrong = imbalance(sample) ?? imbalance(sample.adopted);
      if (wrong !== undefined) problems.push(`sample ${index} of ${writer}: ${wrong}`);
    }
    const last = list.at(-1);
    if (last?.isLast) problems.push(...fromOutside(writer, last, evidence, allowances));
  }
  return problems.slice(0, maxTold);
};

function imbalance({ accepted, delivered, dropped, pending }: Counts): string | undefined {
  const sum = delivered + pending + sumOf(dropped);
  if (sum === accepted && pending >= 0) return undefined;
  return `accepted ${accepted}, delivered ${delivered} + pending ${pending} + dropped ${sumOf(dropped)}`;
}

/** What the metrics tell is what stats() tells, at every moment. */
export const metrics: Verdict = ({ samples }) =>
  [...samples]
    .flatMap(([writer, list]) =>
      list.flatMap(({ metrics: told, accepted, delivered, pending, dropped }, index) => {
        if (told === undefined) return [];
        const ledger = JSON.stringify({ accepted, delivered, pending, dropped: sorted(dropped) });
        const shown = JSON.stringify({ ...told, dropped: sorted(told.dropped) });
        return ledger === shown
          ? []
          : [`sample ${index} of ${writer}: stats() says ${ledger}, the metrics ${shown}`];
      }),
    )
    .slice(0, maxTold);

function sorted(dropped: Counts['dropped']): [string, number][] {
  return Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function fromOutside(
  writer: string,
  last: Sample,
  { arrivals, spool }: Evidence,
  { own = arrivals.own }: Allowances,
): string[] {
  const problems: string[] = [];
  const { accepted, delivered, logged, pending } = last;
  if (accepted < logged || accepted > logged + own) {
    problems.push(`${writer} logged ${logged}, its ledger accepted ${accepted}`);
  }
  const stored = arrivals.writers.get(writer)?.count ?? 0;
  if (delivered > stored + own) {
    problems.push(`${writer} says ${delivered} were delivered, ${stored} are stored`);
  }
  if (pending > 0 && spool.directories.length === 0) {
    problems.push(`${writer} says ${pending} are pending, and the disk is empty`);
  }
  return problems;
}

/** Over all processes: what was accepted is stored, left on disk or dropped. */
export const restart: Verdict = (evidence, { own = evidence.arrivals.own }) => {
  const { arrivals, obligations } = evidence;
  let accepted = 0;
  for (const max of obligations.values()) accepted += max;
  const { left, quarantined } = idsOnDisk(evidence);
  const found = arrivals.distinct + countNew(new Set([...left, ...quarantined]), arrivals);
  const dropped = Math.max(0, droppedIn(evidence) - countNew(quarantined, arrivals));
  const sum = found + dropped;
  // A record more for each process that was killed between a call and its note.
  if (sum >= accepted && sum <= accepted + obligations.size + own) return [];
  return [`accepted ${accepted}, stored or on disk ${found}, dropped ${dropped}`];
};

export const silence: Verdict = (evidence, { notices: expected }) => {
  const problems: string[] = [];
  const codes = new Set<string>();
  for (const [writer, list] of evidence.notices) {
    for (const { code, level } of list) if (level === 'warn' || level === 'error') codes.add(code);
    problems.push(...repeated(writer, list), ...untoldFinds(writer, evidence, list));
  }
  if (droppedIn(evidence) > 0 && codes.size === 0) {
    problems.push('records were dropped, and nobody was told');
  }
  return expected === undefined ? problems : [...problems, ...difference(expected, codes)];
};

const tellsFind = new Set(
  ['ADOPTED', 'ROUTE_CHANGED', 'DAMAGED'].map((name) => `OTEL_SETUP_SPOOL_${name}`),
);

/** What a process that ended in its own time found of an earlier one's records, it has told. */
function untoldFinds(writer: string, { samples }: Evidence, list: readonly NoticeLine[]): string[] {
  const last = samples.get(writer)?.at(-1);
  if (last?.isLast !== true || last.adopted.accepted === 0) return [];
  if (list.some(({ code }) => tellsFind.has(code))) return [];
  return [`${writer} found ${last.adopted.accepted} records, and nobody was told`];
}

function difference(expected: readonly string[], told: ReadonlySet<string>): string[] {
  return [
    ...expected.filter((code) => !told.has(code)).map((code) => `${code} was not told`),
    ...[...told].filter((code) => !expected.includes(code)).map((code) => `${code} was told`),
  ];
}

function repeated(writer: string, list: readonly NoticeLine[]): string[] {
  const toldAt = new Map<string, number>();
  return list.flatMap(({ atMs, code, message }) => {
    if (/recovered after |more times? in /.test(message)) return [];
    const before = toldAt.get(code) ?? Number.NEGATIVE_INFINITY;
    toldAt.set(code, atMs);
    return atMs - before < quietMs ? [`${writer} told ${code} twice within a minute`] : [];
  });
}

/** Nothing is left behind: neither records nor directories. */
export const tidy: Verdict = ({ spool }, { directories = 0, left = 0 }) => {
  const problems: string[] = [];
  const pending = spool.directories.reduce((sum, one) => sum + one.pending.length, 0);
  if (pending > left) problems.push(`${pending} records still lie on disk, ${left} may`);
  // One that died while it was made stays hidden for a minute, then the next scan removes it.
  const visible = spool.directories.filter(({ isHidden }) => !isHidden);
  if (visible.length > directories) {
    const paths = visible.map(({ path }) => path).join(', ');
    problems.push(`${visible.length} directories are left, ${directories} may be: ${paths}`);
  }
  return problems;
};

const all = { lost, genuine, duplicates, order, ledger, metrics, restart, silence, tidy };
export type VerdictName = keyof typeof all;

/** Every verdict but those named; the names of the failed ones with their sentences. */
export function judge(
  evidence: Evidence,
  allowances: Allowances = {},
  without: readonly VerdictName[] = [],
): Partial<Record<VerdictName, string[]>> {
  const failed: Partial<Record<VerdictName, string[]>> = {};
  for (const name of Object.keys(all) as VerdictName[]) {
    const problems = without.includes(name) ? [] : all[name](evidence, allowances);
    if (problems.length > 0) failed[name] = problems;
  }
  return failed;
}
