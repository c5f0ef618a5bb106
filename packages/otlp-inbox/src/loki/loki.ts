// Loki's way with a request: map, validate, rate-limit, file under streams, give one verdict.

import type { DecodedLogs } from '../decode/logs.ts';
import type { Entry, PushContext, Refusal, Verdict } from './entry.ts';
import { mapEntries } from './map-entries.ts';
import type { Labels } from './mapping.ts';
import { messageBytes } from './message-size.ts';
import { NameError } from './names.ts';
import { Stream } from './stream.ts';
import { TokenBucket } from './token-bucket.ts';
import { entryProblem, groupedText, labelProblem, rateText, totalBytes } from './validate.ts';

type Streams = Map<string, Entry[]>;

export class Loki {
  readonly #streams = new Map<string, Stream>();
  readonly #strict: boolean;
  #bucket: TokenBucket | undefined;

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  push(logs: readonly DecodedLogs[], context: PushContext): Verdict {
    const sent = logs.reduce((sum, one) => sum + one.records.length, 0);
    const entries = mapped(logs, context.nowMs);
    if (entries instanceof NameError) return nothing(400, entries.message, sent);
    if (entries.length === 0) {
      return nothing(422, 'error at least one valid stream is required for ingestion', sent);
    }
    const { streams, problems } = validate(entries, context);
    const valid = [...streams.values()].flat();
    const problem = problems.length > 0 ? groupedText(problems) : undefined;
    if (valid.length === 0) return nothing(400, problem ?? '', sent);
    const refusal = this.#overload(streams, valid, context);
    if (refusal) return nothing(refusal.status, refusal.message, sent);
    return this.#ingest(streams, context, { problem, sent });
  }

  #overload(streams: Streams, valid: readonly Entry[], context: PushContext): Refusal | undefined {
    const { limits, nowMs } = context;
    if (limits.ingestionRateBytes > 0) {
      this.#bucket ??= new TokenBucket(limits.ingestionRateBytes, limits.ingestionBurstBytes);
      const bytes = totalBytes(valid);
      if (!this.#bucket.take(bytes, nowMs)) {
        return { status: 429, message: rateText(valid, bytes, context) };
      }
    }
    const size = messageBytes(streams);
    if (size <= limits.maxMessageBytes) return undefined;
    return { status: 503, message: tooLargeText(size, limits.maxMessageBytes) };
  }

  #ingest(
    streams: Streams,
    context: PushContext,
    { problem, sent }: { problem: string | undefined; sent: number },
  ): Verdict {
    const stored: Entry[] = [];
    const duplicates: Entry[] = [];
    let verdict: Refusal | undefined;
    for (const [name, entries] of streams) {
      const stream = this.#streamOf(name, context);
      const result = stream?.push(entries, context);
      stored.push(...(result?.stored ?? []));
      duplicates.push(...(result?.duplicates ?? []));
      const refusal = stream ? result?.refusal : tooManyStreams(name, context);
      // The ingester forgets what it said to the streams before the last one.
      verdict = this.#strict ? (verdict ?? refusal) : refusal;
    }
    const rejected = sent - stored.length - duplicates.length;
    if (verdict) return { ...verdict, stored, duplicates, rejected };
    const status = problem === undefined ? 204 : 400;
    return { status, message: problem ?? '', stored, duplicates, rejected };
  }

  #streamOf(name: string, context: PushContext): Stream | undefined {
    const { limits, nowMs } = context;
    const known = this.#streams.get(name);
    if (known && nowMs - known.writtenMs <= limits.streamIdleMs) return known;
    if (!known && this.#streams.size >= limits.maxStreams) this.#forgetIdle(context);
    if (!known && this.#streams.size >= limits.maxStreams) return undefined;
    const stream = new Stream(context);
    this.#streams.set(name, stream);
    return stream;
  }

  #forgetIdle({ limits, nowMs }: PushContext): void {
    for (const [name, stream] of this.#streams) {
      if (nowMs - stream.writtenMs > limits.streamIdleMs) this.#streams.delete(name);
    }
  }
}

/** One attribute without a usable name refuses the whole request. */
function mapped(logs: readonly DecodedLogs[], nowMs: number): Entry[] | NameError {
  try {
    return mapEntries(logs, nowMs, 'loki');
  } catch (error) {
    if (error instanceof NameError) return error;
    throw error;
  }
}

function validate(entries: readonly Entry[], context: PushContext) {
  const streams: Streams = new Map();
  const problems: string[] = [];
  const labelProblems = new Map<Labels, string | undefined>();
  for (const entry of entries) {
    const { labels } = entry;
    if (!labelProblems.has(labels)) {
      const problem = labelProblem(labels, entry.stream, context);
      labelProblems.set(labels, problem);
      if (problem !== undefined) problems.push(problem);
    }
    if (labelProblems.get(labels) !== undefined) continue;
    const problem = entryProblem(entry, context);
    if (problem !== undefined) problems.push(problem);
    else file(streams, entry);
  }
  return { streams, problems };
}

function file(streams: Streams, entry: Entry): void {
  const entries = streams.get(entry.stream);
  if (entries) entries.push(entry);
  else streams.set(entry.stream, [entry]);
}

function nothing(status: number, message: string, rejected: number): Verdict {
  return { status, message, stored: [], duplicates: [], rejected };
}

export function tooLargeText(bytes: number, limit: number): string {
  return `rpc error: code = ResourceExhausted desc = grpc: received message larger than max (${bytes} vs. ${limit})`;
}

function tooManyStreams(name: string, { tenant }: PushContext): Refusal {
  return {
    status: 429,
    message: `maximum active stream limit exceeded when trying to create stream ${name}, reduce the number of active streams (reduce labels or reduce label values), or contact your Loki administrator to see if the limit can be increased, user: '${tenant}'`,
  };
}
