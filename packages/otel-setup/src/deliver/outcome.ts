// The outcome table: what an answer means for the records that were sent.

import type { Answer, ServerAnswer } from './answer.ts';
import { type EntryRefusal, readRefusals } from './loki-texts.ts';
import { readJsonResponse, readProtobufResponse, saysFailure } from './partial-success.ts';
import { httpDate, retryAfterMs } from './retry-after.ts';
import type { TroubleKind } from './trouble.ts';
import { bodyText } from './words.ts';

export type Outcome =
  /** Stored, but for `rejected` of them. */
  | { readonly type: 'settle'; readonly rejected: number; readonly words: string }
  /** Nothing stored as far as is known; again later. */
  | {
      readonly type: 'keep';
      readonly trouble: TroubleKind;
      readonly waitMs: number | undefined;
      readonly words: string;
      readonly status: number;
    }
  /** Too large as a whole. */
  | { readonly type: 'halve'; readonly trouble: TroubleKind; readonly words: string }
  /** Something in it is refused, and nothing of it stored. */
  | {
      readonly type: 'bisect';
      readonly trouble: TroubleKind;
      readonly words: string;
      readonly status: number;
    }
  /** Loki refused some entries and stored the rest. */
  | {
      readonly type: 'entries';
      readonly refusals: readonly EntryRefusal[];
      readonly words: string;
      readonly serverNowMs: number | undefined;
    }
  /** Only a change of configuration, here or there, can cure it. */
  | { readonly type: 'probe'; readonly trouble: TroubleKind; readonly words: string };

type Action = 'read' | 'settle' | 'keep' | 'halve' | 'refused' | 'unavailable' | 'probe';

interface Row {
  readonly from: number;
  readonly to: number;
  readonly action: Action;
  readonly trouble: TroubleKind;
}

/** The first row that holds the status counts. */
const table: readonly Row[] = [
  { from: 200, to: 200, action: 'read', trouble: 'web-page' },
  { from: 204, to: 204, action: 'settle', trouble: 'unexpected' },
  // Loki's answer when the operator has blocked ingestion: a 2xx, and nothing is stored.
  { from: 260, to: 260, action: 'probe', trouble: 'blocked' },
  { from: 200, to: 299, action: 'probe', trouble: 'unexpected' },
  { from: 300, to: 399, action: 'probe', trouble: 'redirect' },
  { from: 400, to: 400, action: 'refused', trouble: 'rejected' },
  { from: 401, to: 401, action: 'probe', trouble: 'unauthorized' },
  { from: 403, to: 403, action: 'probe', trouble: 'forbidden' },
  { from: 404, to: 404, action: 'probe', trouble: 'not-found' },
  { from: 405, to: 405, action: 'probe', trouble: 'not-found' },
  // Every request to a proxy of the settings is a CONNECT: this answer comes from behind it.
  { from: 407, to: 407, action: 'probe', trouble: 'unnamed-proxy' },
  { from: 408, to: 408, action: 'keep', trouble: 'timeout' },
  { from: 413, to: 413, action: 'halve', trouble: 'too-large' },
  { from: 422, to: 422, action: 'refused', trouble: 'rejected' },
  { from: 425, to: 425, action: 'keep', trouble: 'server-error' },
  { from: 429, to: 429, action: 'keep', trouble: 'rate-limited' },
  { from: 400, to: 499, action: 'probe', trouble: 'client-error' },
  // Cloudflare's: the name leads to it, and to nobody behind it.
  { from: 530, to: 530, action: 'keep', trouble: 'wrong-zone' },
  { from: 500, to: 599, action: 'unavailable', trouble: 'server-error' },
  { from: 0, to: 999, action: 'probe', trouble: 'unexpected' },
];

/** @param nowMs wall clock, for a Retry-After date without the server's own Date. */
export function judge(answer: Answer, nowMs: number): Outcome {
  if (answer.type === 'failure') {
    const trouble = answer.kind === 'aborted' ? 'network' : answer.kind;
    const configured = answer.kind === 'invalid-request' || answer.kind === 'forbidden-address';
    if (configured) return { type: 'probe', trouble, words: answer.message };
    return { type: 'keep', trouble, waitMs: undefined, words: answer.message, status: 0 };
  }
  const row: Row = table.find((r) => answer.status >= r.from && answer.status <= r.to) ?? lastRow;
  return judgeStatus(answer, row, nowMs);
}

const lastRow: Row = { from: 0, to: 999, action: 'probe', trouble: 'unexpected' };

function judgeStatus(answer: ServerAnswer, row: Row, nowMs: number): Outcome {
  const { trouble } = row;
  const { status } = answer;
  const words = row.action === 'read' ? '' : bodyText(answer);
  // For a person: the status first, a bare one where the server said nothing more.
  const said = `HTTP ${status}${words === '' ? '' : `: ${words}`}`;
  switch (row.action) {
    case 'settle':
      return { type: 'settle', rejected: 0, words: '' };
    case 'read':
      return judgeOk(answer, trouble);
    case 'halve':
      return { type: 'halve', trouble, words: said };
    case 'refused':
      return judgeRefusal(answer, trouble, words);
    case 'unavailable':
      // Loki's ingester limit, for the request as Loki expanded it: the same bytes never pass.
      if (/received message larger than max/i.test(words)) {
        return { type: 'halve', trouble: 'too-large', words };
      }
      return { type: 'keep', trouble, waitMs: waitOf(answer, nowMs), words: said, status };
    case 'keep':
      return { type: 'keep', trouble, waitMs: waitOf(answer, nowMs), words: said, status };
    case 'probe':
      return { type: 'probe', trouble: status === 401 ? askedFor(words) : trouble, words: said };
  }
}

/** What a 401 misses: Grafana Cloud names the scope, Loki the tenant. */
function askedFor(words: string): TroubleKind {
  if (/invalid scope/i.test(words)) return 'forbidden';
  return /no org id/i.test(words) ? 'tenant' : 'unauthorized';
}

function waitOf(answer: ServerAnswer, nowMs: number): number | undefined {
  return retryAfterMs(answer.headers, nowMs);
}

function judgeRefusal(answer: ServerAnswer, trouble: TroubleKind, words: string): Outcome {
  if (/structured metadata, but this feature is disallowed/i.test(words)) {
    return { type: 'probe', trouble: 'metadata-disallowed', words };
  }
  // Go's server and nginx.
  if (/HTTP request (to an HTTPS server|was sent to HTTPS port)/i.test(words)) {
    return { type: 'probe', trouble: 'plain-http', words };
  }
  const refusals = answer.status === 400 ? readRefusals(words, answer.cut) : [];
  if (refusals.length === 0) return { type: 'bisect', trouble, words, status: answer.status };
  const { date } = answer.headers;
  return {
    type: 'entries',
    refusals,
    words,
    serverNowMs: date === undefined ? undefined : httpDate(date),
  };
}

/** 200: an OTLP response (empty, protobuf or JSON), or a web page that stored nothing. */
function judgeOk(answer: ServerAnswer, trouble: TroubleKind): Outcome {
  const type = answer.headers.contentType?.toLowerCase() ?? '';
  const text = new TextDecoder().decode(answer.body.subarray(0, 1024)).trimStart();
  const isPage = type.startsWith('text/html') || /^<(!doctype|html|head|body)/i.test(text);
  if (isPage) return { type: 'probe', trouble, words: bodyText(answer) };
  if (answer.body.length === 0 && !answer.cut) return { type: 'settle', rejected: 0, words: '' };
  const protobuf = readProtobufResponse(answer.body);
  const json = protobuf === undefined ? wholeText(answer) : '';
  if (saysFailure(json)) return { type: 'probe', trouble, words: bodyText(answer) };
  const partial = protobuf ?? readJsonResponse(json);
  if (partial !== undefined) {
    return { type: 'settle', rejected: partial.rejected, words: partial.message };
  }
  // An OTLP server that answers garbage under its own content type has taken the request; asking
  // again would store it twice and never come to an end.
  if (/protobuf|json/.test(type)) return { type: 'settle', rejected: 0, words: '' };
  return { type: 'probe', trouble, words: bodyText(answer) };
}

function wholeText(answer: ServerAnswer): string {
  return new TextDecoder().decode(answer.body);
}
