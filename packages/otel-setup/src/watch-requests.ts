// What each request tells the ledger and the metrics: its duration, the records on their way, what Loki counts them for.

import type { Answer, Send } from './deliver/answer.ts';
import { billedBytes, streamOf } from './deliver/billed-bytes.ts';
import { judge, type Outcome } from './deliver/outcome.ts';
import type { RequestEnd } from './health/metrics.ts';
import type { Batch, Definition } from './record/batch.ts';
import type { Clock } from './world.ts';

type Compose = (batch: Batch, from: number, to: number) => Uint8Array;

export interface RequestWatch {
  readonly compose: Compose;
  readonly send: Send;
}

/** Who is told of each request. */
export interface RequestListener {
  started(records: number): void;
  ended(records: number, end: RequestEnd): void;
}

interface Content {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
}

export function watchRequests(options: {
  readonly compose: Compose;
  readonly send: Send;
  readonly clock: Clock;
  readonly listener: RequestListener | undefined;
  billed(bytes: number, stream: string): void;
}): RequestWatch {
  const contents = new WeakMap<Uint8Array, Content>();
  const streams = new WeakMap<Definition, string>();

  const stored = ({ batch, from, to }: Content): void => {
    const definition = batch.definitions[from];
    if (definition === undefined) return;
    const stream = streams.get(definition) ?? streamOf(definition);
    streams.set(definition, stream);
    options.billed(billedBytes(batch, from, to), stream);
  };

  return {
    compose(batch, from, to) {
      const body = options.compose(batch, from, to);
      contents.set(body, { batch, from, to });
      return body;
    },
    async send(body, signal) {
      // A probe holds no records, and its memory may have held some before.
      const content = body.length > 0 ? contents.get(body) : undefined;
      const count = content === undefined ? 0 : content.to - content.from;
      const startedMs = options.clock.monotonic();
      options.listener?.started(count);
      const answer = await options.send(body, signal);
      const outcome = judge(answer, options.clock.now());
      const isStored = outcome.type === 'settle' || outcome.type === 'entries';
      if (isStored && content !== undefined) stored(content);
      const seconds = (options.clock.monotonic() - startedMs) / 1000;
      options.listener?.ended(count, { seconds, ...endOf(answer, outcome) });
      return answer;
    },
  };
}

/** As the semantic conventions want it: only where all was stored there is no error.type. */
function endOf(answer: Answer, outcome: Outcome): Omit<RequestEnd, 'seconds'> {
  if (answer.type === 'failure') return { status: undefined, errorType: answer.kind };
  const { status } = answer;
  if (outcome.type !== 'settle') return { status, errorType: String(status) };
  return { status, errorType: outcome.rejected > 0 ? 'partial_success' : undefined };
}
