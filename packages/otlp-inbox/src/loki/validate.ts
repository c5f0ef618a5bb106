// The rules that Loki's distributor holds against streams and entries, with its words.

import { type Entry, entryBytes, type PushContext } from './entry.ts';
import { rfc3339 } from './go-text.ts';
import type { Labels } from './mapping.ts';

export function labelProblem(
  labels: Labels,
  name: string,
  { limits }: PushContext,
): string | undefined {
  const count = Object.keys(labels).length - 1; // service_name, which is always there, is free
  if (count > limits.maxLabels) {
    return `entry for stream '${name}' has ${count} label names; limit ${limits.maxLabels}`;
  }
  const broken = Object.keys(labels).find((label) => labels[label]?.includes('\ufffd'));
  if (broken !== undefined) {
    const column = name.indexOf(`${broken}="`) + broken.length + 2;
    return `error parsing labels ${name} with error: 1:${column}: parse error: invalid UTF-8 rune`;
  }
  const long = Object.values(labels).find(
    (value) => Buffer.byteLength(value) > limits.maxLabelValueBytes,
  );
  return long === undefined ? undefined : `stream '${name}' has label value too long: '${long}'`;
}

export function entryProblem(entry: Entry, context: PushContext): string | undefined {
  return timeProblem(entry, context) ?? sizeProblem(entry, context);
}

function timeProblem(entry: Entry, { limits, nowMs }: PushContext): string | undefined {
  const { timestampNs } = entry;
  const oldest = nanoseconds(nowMs - limits.maxAgeMs);
  if (timestampNs < oldest) {
    return `entry for stream '${entry.stream}' has timestamp too old: ${rfc3339(timestampNs)}, oldest acceptable timestamp is: ${rfc3339(oldest)}`;
  }
  if (timestampNs > nanoseconds(nowMs + limits.maxAheadMs)) {
    return `entry for stream '${entry.stream}' has timestamp too new: ${rfc3339(timestampNs)}`;
  }
  return undefined;
}

function sizeProblem(entry: Entry, { limits }: PushContext): string | undefined {
  if (entry.lineBytes > limits.maxLineBytes) {
    return `max entry size '${limits.maxLineBytes}' bytes exceeded for stream '${entry.stream}' while adding an entry with length '${entry.lineBytes}' bytes`;
  }
  const advice = 'or contact your Loki administrator to increase it';
  if (entry.pairBytes > limits.maxMetadataBytes) {
    return `stream '${entry.stream}' has structured metadata too large: '${entry.pairBytes}' bytes, limit: '${limits.maxMetadataBytes}' bytes. Please see \`limits_config.max_structured_metadata_size\` ${advice}`;
  }
  if (entry.pairs.length > limits.maxMetadataCount) {
    return `stream '${entry.stream}' has too many structured metadata labels: '${entry.pairs.length}', limit: '${limits.maxMetadataCount}'. Please see \`limits_config.max_structured_metadata_entries_count\` ${advice}`;
  }
  return undefined;
}

/** Many equal complaints become one with a number, as Loki writes them. */
export function groupedText(problems: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  if (counts.size === 1 && problems.length === 1) return problems[0] ?? '';
  return [...counts].map(([problem, count]) => `${count} errors like: ${problem}`).join('; ');
}

export function rateText(entries: readonly Entry[], bytes: number, context: PushContext): string {
  return `ingestion rate limit exceeded for user ${context.tenant} (limit: ${context.limits.ingestionRateBytes} bytes/sec) while attempting to ingest '${entries.length}' lines totaling '${bytes}' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased`;
}

export function totalBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
}

export function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
