// What a fault means for one request: what is stored, what is answered, and how.

import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Answer, emptyAnswer, statusAnswer, successAnswer, textAnswer } from './answer.ts';
import type { DecodedLogRecord } from './decode/logs.ts';
import type { Candidate, Fault } from './fault.ts';
import type { Entry } from './loki/entry.ts';
import { tooLargeText } from './loki/loki.ts';

/** How the answer goes out. */
export type Manner =
  | { readonly type: 'plain' }
  | { readonly type: 'late'; readonly ms: number }
  /** No answer at all, or headers and then nothing. */
  | { readonly type: 'never'; readonly where: 'headers' | 'body' }
  | { readonly type: 'reset' }
  | { readonly type: 'garbage' }
  | { readonly type: 'drip'; readonly bytesPerSecond: number };

export interface Act {
  readonly store: 'all' | 'some';
  /** With `some`: whether this record is stored. */
  keeps(record: DecodedLogRecord): boolean;
  /** Instead of the one the rules give. */
  readonly answer: Answer | undefined;
  readonly manner: Manner;
}

const plain: Manner = { type: 'plain' };
const page = '<!doctype html><title>Grafana</title><h1>Log in</h1>';
const noAnswer: Answer = emptyAnswer(0);

/** Undefined: this request does not meet the fault after all. */
export function planFault(fault: Fault, entries: readonly Entry[], bytes: number): Act | undefined {
  switch (fault.type) {
    case 'slow':
      return storing(undefined, { type: 'late', ms: fault.ms });
    case 'hang':
      return refusing(noAnswer, {
        type: 'never',
        where: fault.where === 'body' ? 'body' : 'headers',
      });
    case 'cut':
      return fault.when === 'after'
        ? storing(noAnswer, { type: 'reset' })
        : refusing(noAnswer, { type: 'reset' });
    case 'lost-answer':
      return storing(noAnswer, { type: 'reset' });
    case 'partial':
      return partial(fault, entries);
    case 'poison':
      return poison(fault, entries);
    case 'max-bytes':
      return bytes <= fault.bytes ? undefined : refusing(overMax(fault, bytes));
    default:
      return planAnswer(fault);
  }
}

type AnswerFault = Extract<
  Fault,
  {
    type:
      | 'status'
      | 'retry-after'
      | 'garbage'
      | 'html'
      | 'redirect'
      | 'huge-body'
      | 'drip'
      | 'blocked';
  }
>;

function planAnswer(fault: AnswerFault): Act {
  switch (fault.type) {
    case 'status':
      return fault.store === true ? storing(statusOf(fault)) : refusing(statusOf(fault));
    case 'retry-after': {
      const refusal = statusAnswer(fault.status ?? 429, 'too many requests');
      const headers = { ...refusal.headers, 'retry-after': fault.value };
      return refusing({ ...refusal, headers });
    }
    case 'garbage':
      return fault.where === 'body'
        ? storing({ ...successAnswer(false), body: randomBytes(512), message: 'garbage' })
        : storing(noAnswer, { type: 'garbage' });
    case 'html':
      return refusing(textAnswer(200, page, 'text/html; charset=utf-8'));
    case 'redirect': {
      const headers = { location: fault.location };
      return refusing({ ...emptyAnswer(fault.status ?? 302), headers });
    }
    case 'huge-body':
      return storing(hugeAnswer(fault.bytes, fault.gzip === true));
    case 'drip': {
      const body = Buffer.alloc(fault.bytes ?? 1024);
      return storing(
        { ...successAnswer(false), body },
        { type: 'drip', bytesPerSecond: fault.bytesPerSecond },
      );
    }
    case 'blocked':
      return refusing(statusAnswer(260, 'ingestion blocked for user fake'));
  }
}

function storing(answer: Answer | undefined, manner: Manner = plain): Act {
  return { store: 'all', keeps: () => true, answer, manner };
}

function refusing(answer: Answer, manner: Manner = plain): Act {
  return { store: 'some', keeps: () => false, answer, manner };
}

function statusOf(fault: Extract<Fault, { type: 'status' }>): Answer {
  const { status, body = '', contentType, headers } = fault;
  const base =
    typeof body === 'string' && contentType === undefined && body !== ''
      ? statusAnswer(status, body)
      : {
          status,
          headers: contentType === undefined ? {} : { 'content-type': contentType },
          body: Buffer.from(body),
          message: typeof body === 'string' ? body : '',
        };
  return { ...base, headers: { ...base.headers, ...headers } };
}

function partial(fault: Extract<Fault, { type: 'partial' }>, entries: readonly Entry[]): Act {
  const refused = new Set(entries.slice(0, fault.rejected).map(({ record }) => record));
  const answer = successAnswer(false, fault.rejected, fault.message ?? 'some records were refused');
  return { store: 'some', keeps: (record) => !refused.has(record), answer, manner: plain };
}

function poison(
  fault: Extract<Fault, { type: 'poison' }>,
  entries: readonly Entry[],
): Act | undefined {
  const bad = new Set(
    entries.filter((entry) => fault.test(candidateOf(entry))).map(({ record }) => record),
  );
  if (bad.size === 0) return undefined;
  const keepsRest = fault.store === 'rest';
  return {
    store: 'some',
    keeps: (record) => keepsRest && !bad.has(record),
    answer: statusAnswer(fault.status, fault.body ?? 'a record was refused'),
    manner: plain,
  };
}

function candidateOf(entry: Entry): Candidate {
  const { labels, metadata, line, level, timestampNs, record, source } = entry;
  const { resource, scope } = source;
  return {
    labels,
    metadata,
    line,
    level,
    timestampNs,
    record,
    resource,
    scope,
    bytes: record.bytes,
  };
}

function overMax(fault: Extract<Fault, { type: 'max-bytes' }>, bytes: number): Answer {
  return statusAnswer(fault.status ?? 413, tooLargeText(bytes, fault.bytes));
}

function hugeAnswer(bytes: number, gzip: boolean): Answer {
  const body = Buffer.alloc(bytes);
  const answer = successAnswer(false);
  if (!gzip) return { ...answer, body };
  return {
    ...answer,
    body: gzipSync(body),
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
  };
}
