// One request's way: body, credentials, decoding, rules, storing, and the answer or the fault.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, emptyAnswer, statusAnswer, successAnswer, textAnswer } from './answer.ts';
import { type Credential, credentialProblem } from './credential.ts';
import type { DecodedLogs } from './decode/logs.ts';
import { readRequest } from './decode/read-request.ts';
import type { Fault, Faults } from './fault.ts';
import type { Journal } from './journal.ts';
import type { Verdict } from './loki/entry.ts';
import type { LokiLimits } from './loki/limits.ts';
import { Loki } from './loki/loki.ts';
import { mapEntries } from './loki/map-entries.ts';
import { perform } from './perform.ts';
import { type Act, planFault } from './play-fault.ts';
import type { RequestEntry, Store } from './store.ts';
import type { StoredRecord } from './stored-record.ts';
import { readBody, TooLargeError } from './unpack.ts';

export interface ReceiverOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal | undefined;
  readonly limits: Readonly<LokiLimits>;
  readonly rules: 'loki' | 'none';
  readonly strict: boolean;
  readonly now: () => number;
  readonly auth: Credential | undefined;
  readonly onRecord: ((record: StoredRecord) => void) | undefined;
  readonly onRequest: (request: RequestEntry) => void;
}

const paths = new Set(['/v1/logs', '/otlp/v1/logs']);
const unread = Buffer.alloc(0);

/** What a request holds: records, or a refusal before there were any. */
interface Content {
  readonly logs: readonly DecodedLogs[];
  readonly unpackedBytes: number;
  readonly refusal: Answer | undefined;
}

const nothing: Content = { logs: [], unpackedBytes: 0, refusal: undefined };

export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #loki: Loki;
  #count = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#loki = new Loki(options.strict);
  }

  /** Rejects when a callback of the inbox's owner throws, or the journal cannot be written. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    const misdirected = wrongWay(request);
    const fault = misdirected ? undefined : this.#options.faults.next();
    if (fault?.type === 'hang' && fault.where === 'request') {
      request.pause();
      this.#finish(request, { body: unread, content: nothing, fault }, response);
      return;
    }
    const body = await this.#read(request);
    if (body === undefined) {
      response.destroy();
      return;
    }
    const content = misdirected
      ? { ...nothing, refusal: misdirected }
      : await this.#decode(request, body);
    this.#finish(request, { body, content, fault }, response);
  }

  /** Undefined when the client goes away amid its request, which is no news. */
  async #read(request: IncomingMessage): Promise<Buffer | TooLargeError | undefined> {
    try {
      return await readBody(request, this.#options.limits.maxBodyBytes);
    } catch (error) {
      return error instanceof TooLargeError ? error : undefined;
    }
  }

  async #decode(request: IncomingMessage, body: Buffer | TooLargeError): Promise<Content> {
    const { auth, limits, rules } = this.#options;
    const problem = auth && credentialProblem(request.headers.authorization, auth);
    if (problem !== undefined) {
      const text = JSON.stringify({ status: 'error', error: `authentication error: ${problem}` });
      return { ...nothing, refusal: textAnswer(401, text, 'application/json') };
    }
    try {
      if (body instanceof TooLargeError) throw body;
      const read = await readRequest(request.headers, body, {
        isStrict: rules === 'loki',
        maxBytes: limits.maxUnpackedBytes,
      });
      return { ...read, refusal: undefined };
    } catch (error) {
      const status = error instanceof TooLargeError ? 413 : 400;
      return { ...nothing, refusal: statusAnswer(status, (error as Error).message) };
    }
  }

  #finish(
    request: IncomingMessage,
    { body, content, fault }: Arrival,
    response: ServerResponse,
  ): void {
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
    const act = this.#plan(fault, content, isJson);
    const verdict = this.#judge(request, content, act);
    const answer = act?.answer ?? content.refusal ?? this.#answerTo(verdict, isJson);
    const bodyBytes = body instanceof TooLargeError ? body.bytes : body.length;
    try {
      this.#record(request, { bodyBytes, logs: content.logs, verdict, answer, fault });
    } catch (error) {
      response.destroy();
      throw error;
    }
    perform(act, answer, response);
  }

  #plan(fault: Fault | undefined, content: Content, isJson: boolean): Act | undefined {
    if (fault === undefined) return undefined;
    const entries = () => mapEntries(content.logs, this.#options.now(), 'lenient');
    return planFault(fault, { entries, bytes: content.unpackedBytes, isJson });
  }

  #judge(request: IncomingMessage, { logs, refusal }: Content, act: Act | undefined): Verdict {
    const sent = count(logs);
    const kept = act ? keep(logs, act) : logs;
    const isSettled = refusal !== undefined || (sent > 0 && kept.length === 0);
    const verdict = isSettled ? stores([]) : this.#push(request, kept);
    const rejected = sent - verdict.stored.length - verdict.duplicates.length;
    return { ...verdict, rejected };
  }

  #push(request: IncomingMessage, logs: readonly DecodedLogs[]): Verdict {
    const { limits, now, rules } = this.#options;
    const nowMs = now();
    if (rules === 'none') return stores(mapEntries(logs, nowMs, 'lenient'));
    const tenant = String(request.headers['x-scope-orgid'] ?? 'fake');
    return this.#loki.push(logs, { limits, nowMs, tenant });
  }

  #answerTo({ status, message }: Verdict, isJson: boolean): Answer {
    if (status !== 204) return statusAnswer(status, message);
    return this.#options.rules === 'none' ? successAnswer(isJson) : emptyAnswer(204);
  }

  #record(request: IncomingMessage, outcome: Outcome): void {
    const { store, journal, onRecord, onRequest, now } = this.#options;
    const { verdict, answer, logs, bodyBytes, fault } = outcome;
    const n = ++this.#count;
    const records = verdict.stored.map((entry) => store.add(entry, n));
    const entry: RequestEntry = {
      n,
      at: now(),
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      bodyBytes,
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

interface Arrival {
  readonly body: Buffer | TooLargeError;
  readonly content: Content;
  readonly fault: Fault | undefined;
}

interface Outcome {
  readonly bodyBytes: number;
  readonly logs: readonly DecodedLogs[];
  readonly verdict: Verdict;
  readonly answer: Answer;
  readonly fault: Fault | undefined;
}

function wrongWay({ url = '', method }: IncomingMessage): Answer | undefined {
  if (!paths.has(url.split('?')[0] ?? '')) return textAnswer(404, '404 page not found\n');
  return method === 'POST' ? undefined : textAnswer(405, 'Method Not Allowed\n');
}

function stores(stored: Verdict['stored']): Verdict {
  return { status: 204, message: '', stored, duplicates: [], rejected: 0 };
}

function count(logs: readonly DecodedLogs[]): number {
  return logs.reduce((sum, { records }) => sum + records.length, 0);
}

/** Of the records only those that the fault lets through. */
function keep(logs: readonly DecodedLogs[], act: Act): DecodedLogs[] {
  return logs
    .map((one) => ({ ...one, records: one.records.filter((record) => act.keeps(record)) }))
    .filter(({ records }) => records.length > 0);
}
