// What a fault means for one request: what is stored, what is answered, and how.

import { randomBytes } from 'node:crypto';
import {
  type Answer,
  emptyAnswer,
  paddedAnswer,
  statusAnswer,
  successAnswer,
  textAnswer,
} from './answer.ts';
import type { DecodedLogRecord } from './decode/logs.ts';
import type { AnswerFault, Fault, FaultOf } from './fault.ts';
import type { Entry } from './loki/entry.ts';
import { tooLargeText } from './loki/loki.ts';
import { candidateOf } from './stored-record.ts';

/** How the answer goes out. */
export type Manner =
  | { readonly type: 'plain' }
  | { readonly type: 'late'; readonly ms: number }
  /** No answer at all, or headers and then nothing. */
  | { readonly type: 'never'; readonly where: 'headers' | 'body' }
  | { readonly type: 'reset' }
  | { readonly type: 'garbage' }
  | { readonly type: 'flood'; readonly bytes: number; readonly gzip: boolean }
  | { readonly type: 'drip'; readonly bytesPerSecond: number };

export interface Act {
  /** Whether this record goes to the rules. */
  keeps(record: DecodedLogRecord): boolean;
  /** Instead of the one the rules give. */
  readonly answer: Answer | undefined;
  readonly manner: Manner;
}

/** The request that meets the fault. */
export interface Victim {
  readonly entries: () => readonly Entry[];
  /** Of the unpacked body. */
  readonly bytes: number;
  readonly isJson: boolean;
}

const plain: Manner = { type: 'plain' };
const page = '<!doctype html><title>Grafana</title><h1>Log in</h1>';
const noAnswer: Answer = emptyAnswer(0);
const defaultDripBytes = 1024;

/** Undefined: this request does not meet the fault after all. */
export function planFault(fault: Fault, victim: Victim): Act | undefined {
  switch (fault.type) {
    case 'slow':
      return storing(undefined, { type: 'late', ms: fault.ms });
    case 'hang':
      return refusing(noAnswer, {
        type: 'never',
        where: fault.where === 'body' ? 'body' : 'headers',
      });
    case 'cut':
      return fault.when === 'after' ? lost() : refusing(noAnswer, { type: 'reset' });
    case 'lost-answer':
      return lost();
    case 'partial':
      return partial(fault, victim);
    case 'poison':
      return poison(fault, victim.entries());
    case 'max-bytes':
      return victim.bytes <= fault.bytes ? undefined : refusing(overMax(fault, victim.bytes));
    default:
      return planAnswer(fault);
  }
}

function planAnswer(fault: AnswerFault): Act {
  switch (fault.type) {
    case 'status':
      return fault.store === true ? storing(statusOf(fault)) : refusing(statusOf(fault));
    case 'retry-after': {
      const refusal = statusAnswer(fault.status ?? 429, 'too many requests, try again later');
      const headers = { ...refusal.headers, 'retry-after': fault.value };
      return refusing({ ...refusal, headers });
    }
    case 'garbage':
      return fault.where === 'body'
        ? storing({ ...successAnswer(false), body: randomBytes(512) })
        : storing(noAnswer, { type: 'garbage' });
    case 'html':
      return refusing(textAnswer(200, page, 'text/html; charset=utf-8'));
    case 'redirect': {
      const headers = { location: fault.location };
      return refusing({ ...emptyAnswer(fault.status ?? 302), headers });
    }
    case 'huge-body':
      return storing(successAnswer(false), {
        type: 'flood',
        bytes: fault.bytes,
        gzip: fault.gzip === true,
      });
    case 'drip':
      return storing(paddedAnswer(fault.bytes ?? defaultDripBytes), {
        type: 'drip',
        bytesPerSecond: fault.bytesPerSecond,
      });
    case 'blocked':
      return refusing(statusAnswer(260, blockedText));
  }
}

const blockedText =
  "ingestion blocked for user 'fake' until '2100-01-01T00:00:00Z' with status code '260'";

function storing(answer: Answer | undefined, manner: Manner = plain): Act {
  return { keeps: () => true, answer, manner };
}

function refusing(answer: Answer, manner: Manner = plain): Act {
  return { keeps: () => false, answer, manner };
}

function lost(): Act {
  return storing(noAnswer, { type: 'reset' });
}

function statusOf(fault: FaultOf<'status'>): Answer {
  const { status, body = '', contentType, headers } = fault;
  // A text alone is dressed as Loki dresses it; a content type or bytes say how it shall go out.
  if (typeof body === 'string' && contentType === undefined) {
    const answer = body === '' ? emptyAnswer(status) : statusAnswer(status, body);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
  const typed = contentType === undefined ? {} : { 'content-type': contentType };
  const message = typeof body === 'string' ? body : '';
  return { status, headers: { ...typed, ...headers }, body: Buffer.from(body), message };
}

function partial(fault: FaultOf<'partial'>, { entries, isJson }: Victim): Act {
  const refused = new Set(
    entries()
      .slice(0, fault.rejected)
      .map(({ record }) => record),
  );
  const message = fault.message ?? 'some records were refused';
  const answer = successAnswer(isJson, fault.rejected, message);
  return { keeps: (record) => !refused.has(record), answer, manner: plain };
}

function poison(fault: FaultOf<'poison'>, entries: readonly Entry[]): Act | undefined {
  const bad = new Set(
    entries.filter((entry) => fault.test(candidateOf(entry))).map(({ record }) => record),
  );
  if (bad.size === 0) return undefined;
  const keepsRest = fault.store === 'rest';
  return {
    keeps: (record) => keepsRest && !bad.has(record),
    answer: statusAnswer(fault.status, fault.body ?? 'a record was refused'),
    manner: plain,
  };
}

function overMax({ status = 413, bytes: limit }: FaultOf<'max-bytes'>, bytes: number): Answer {
  const text =
    status === 503
      ? tooLargeText(bytes, limit)
      : `request body too large: message size too large than max (${bytes} vs ${limit})`;
  return statusAnswer(status, text);
}
