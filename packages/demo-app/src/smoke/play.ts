// Plays the scripted requests and keeps what the answers say about their spans.

import { send } from '../traffic.ts';
import type { Checks } from './checks.ts';
import { type ExpectedRecord, type Step, steps } from './expected.ts';

/** A request as it went, and the records it must have left behind. */
export interface Played {
  readonly name: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly records: readonly ExpectedRecord[];
}

export async function play(url: string, checks: Checks, stop: AbortSignal): Promise<Played[]> {
  const played: Played[] = [];
  for (const step of steps) {
    stop.throwIfAborted();
    played.push(await playStep(url, step, checks));
  }
  return played;
}

async function playStep(url: string, step: Step, checks: Checks): Promise<Played> {
  const startedMs = Date.now();
  const answer = await send(url, step.request, AbortSignal.timeout(10_000));
  const body = (await answer.json()) as { orderId?: string };
  checks.equal(`${step.name}: status`, answer.status, step.status);
  const traceparent = answer.headers.get('traceparent') ?? '';
  checks.equal(`${step.name}: traceparent`, traceparent, (value: unknown) =>
    /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/.test(String(value)),
  );
  const [, traceId = '', spanId = ''] = traceparent.split('-');
  return {
    name: step.name,
    requestId: answer.headers.get('x-request-id') ?? '',
    traceId,
    spanId,
    startedMs,
    endedMs: Date.now(),
    records: step.records(body.orderId ?? ''),
  };
}
