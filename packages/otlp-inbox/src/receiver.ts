// One request's way: credentials, body, decoding, rules, storing, and the answer or the fault.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, emptyAnswer, statusAnswer, textAnswer } from './answer.ts';
import { decodeLogsRequest } from './decode/decode-logs-request.ts';
import type { DecodedLogs } from './decode/logs.ts';
import type { Fault, Faults } from './fault.ts';
import type { Journal } from './journal.ts';
import type { Entry, PushContext, Verdict } from './loki/entry.ts';
import type { LokiLimits } from './loki/limits.ts';
import { Loki, mapEntries } from './loki/loki.ts';
import { perform } from './perform.ts';
import { type Act, planFault } from './play-fault.ts';
import type { RequestEntry, Store } from './store.ts';
import type { StoredRecord } from './stored-record.ts';
import { readBody, TooLargeError, unpack } from './unpack.ts';

export interface ReceiverOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal | undefined;
  readonly limits: Readonly<LokiLimits>;
  readonly rules: 'loki' | 'none';
  readonly strict: boolean;
  readonly now: () => number;
  readonly auth: { readonly username: string; readonly password: string } | undefined;
  readonly onRecord: ((record: StoredRecord) => void) | undefined;
  readonly onRequest: (request: RequestEntry) => void;
}

const paths = new Set(['/v1/logs', '/otlp/v1/logs']);

/** What is known of a request when it is answered. */
interface Received {
  readonly wireBytes: number;
  readonly logs: readonly DecodedLogs[];
  readonly verdict: Verdict;
  readonly answer: Answer;
}

export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #loki: Loki;
  #count = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#loki = new Loki(options.strict);
  }

  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes away amid its request is no news.
    request.on('error', () => request.destroy());
    response.on('error', () => response.destroy());
    const fault = this.#options.faults.next();
    if (fault?.type === 'hang' && fault.where === 'request') {
      request.pause();
      return;
    }
    try {
      await this.#handle(request, response, fault);
    } catch {
      // The client ended the connection while its body was read.
      response.destroy();
    }
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const body = await this.#read(request);
    const refusal = this.#refuse(request);
    const decoded =
      refusal ?? (body instanceof Error ? tooLarge(body) : await this.#decode(request, body));
    const act = 'status' in decoded ? undefined : this.#plan(fault, decoded.logs, decoded.bytes);
    const received =
      'status' in decoded
        ? refused(decoded, body)
        : this.#judge(decoded.logs, act, body instanceof Error ? 0 : body.length);
    this.#record(request, received, fault);
    perform(act, received.answer, response);
  }

  async #read(request: IncomingMessage): Promise<Buffer | TooLargeError> {
    try {
      return await readBody(request, this.#options.limits.maxBodyBytes);
    } catch (error) {
      if (error instanceof TooLargeError) return error;
      throw error;
    }
  }

  #refuse(request: IncomingMessage): Answer | undefined {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (!paths.has(path)) return textAnswer(404, '404 page not found');
    if (request.method !== 'POST') return emptyAnswer(405);
    const { auth } = this.#options;
    if (auth !== undefined && !isAuthorized(request.headers.authorization, auth)) {
      const error = 'authentication error: invalid authentication credentials';
      return textAnswer(401, JSON.stringify({ status: 'error', error }), 'application/json');
    }
    return undefined;
  }

  async #decode(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<Answer | { logs: DecodedLogs[]; bytes: number }> {
    const contentType = request.headers['content-type'] ?? '';
    const encoding = request.headers['content-encoding'] ?? '';
    try {
      const unpacked = await unpack(
        body,
        encoding === 'identity' ? '' : encoding,
        this.#options.limits.maxUnpackedBytes,
      );
      return { logs: decodeLogsRequest(unpacked, contentType), bytes: unpacked.length };
    } catch (error) {
      if (error instanceof TooLargeError) return tooLarge(error);
      return statusAnswer(400, (error as Error).message);
    }
  }

  #plan(fault: Fault | undefined, logs: readonly DecodedLogs[], bytes: number): Act | undefined {
    if (fault === undefined) return undefined;
    return planFault(fault, this.#entries(logs), bytes);
  }

  #entries(logs: readonly DecodedLogs[]): Entry[] {
    try {
      return mapEntries(logs, this.#options.now());
    } catch {
      // Names that Loki refuses: the rules will say so; a fault has nothing to look at.
      return [];
    }
  }

  #judge(logs: readonly DecodedLogs[], act: Act | undefined, wireBytes: number): Received {
    const sent = logs.reduce((sum, { records }) => sum + records.length, 0);
    const stored = act === undefined || act.store === 'all' ? logs : keep(logs, act);
    const verdict = this.#push(stored);
    const rejected = sent - verdict.stored.length - verdict.duplicates.length;
    const ownAnswer =
      verdict.status === 204 ? emptyAnswer(204) : statusAnswer(verdict.status, verdict.message);
    const answer = act?.answer ?? ownAnswer;
    return { wireBytes, logs, verdict: { ...verdict, rejected }, answer };
  }

  #push(logs: readonly DecodedLogs[]): Verdict {
    const { limits, now, rules } = this.#options;
    const nowMs = now();
    const context: PushContext = { limits, nowMs, tenant: 'fake' };
    if (rules === 'none' || logs.length === 0) {
      const stored = this.#entries(logs);
      return { status: 204, message: '', stored, duplicates: [], rejected: 0 };
    }
    try {
      return this.#loki.push(logs, context);
    } catch (error) {
      const sent = logs.reduce((sum, { records }) => sum + records.length, 0);
      const { message } = error as Error;
      return { status: 400, message, stored: [], duplicates: [], rejected: sent };
    }
  }

  #record(request: IncomingMessage, received: Received, fault: Fault | undefined): void {
    const { store, journal, onRecord, onRequest } = this.#options;
    const { verdict, answer, logs, wireBytes } = received;
    const n = ++this.#count;
    const records = verdict.stored.map((entry) => store.add(entry, n));
    const entry: RequestEntry = {
      n,
      at: Date.now(),
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      bodyBytes: wireBytes,
      status: answer.status,
      message: answer.message,
      stored: records.length,
      duplicates: verdict.duplicates.length,
      rejected: verdict.rejected,
      ...(fault === undefined ? {} : { fault: fault.type }),
    };
    store.addRequest(entry);
    journal?.write(entry, logs, new Set(records.map(({ bytes }) => bytes)));
    for (const record of records) onRecord?.(record);
    onRequest(entry);
  }
}

function refused(answer: Answer, body: Buffer | TooLargeError): Received {
  const verdict: Verdict = {
    status: answer.status,
    message: answer.message,
    stored: [],
    duplicates: [],
    rejected: 0,
  };
  return { wireBytes: body instanceof Error ? 0 : body.length, logs: [], verdict, answer };
}

function tooLarge(error: TooLargeError): Answer {
  return statusAnswer(413, error.message);
}

/** Of the records only those that the fault lets through. */
function keep(logs: readonly DecodedLogs[], act: Act): DecodedLogs[] {
  return logs
    .map((one) => ({ ...one, records: one.records.filter((record) => act.keeps(record)) }))
    .filter(({ records }) => records.length > 0);
}

function isAuthorized(
  header: string | undefined,
  { username, password }: { username: string; password: string },
): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
