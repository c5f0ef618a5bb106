// An application that says everything twice and logs where one should not: in notices, in callbacks of `diag`, in
// the middle of a failing request, after shutdown. Its parent leads it by lines; each step answers with one.

import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { init } from 'otel-setup';
import type { Plan } from '../plan.ts';
import { Recorder } from './recorder.ts';

const recorder = new Recorder(JSON.parse(process.argv[2] ?? '') as Plan);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const logged = { notice: 0, diag: 0, error: 0 };
let isStarted = false;
let depth = 0;
let deepest = 0;

/** A record from within; at most so many of a kind: each of them may cause the next. */
function logInside(kind: keyof typeof logged, most: number): void {
  // Before init() has returned there is no logger to log with.
  if (!isStarted || logged[kind] >= most) return;
  logged[kind]++;
  depth++;
  deepest = Math.max(deepest, depth);
  recorder.log({ type: 'log' });
  depth--;
}

function log(count: number): void {
  for (let index = 0; index < count; index++) recorder.log({ type: 'log' });
}

async function told(): Promise<void> {
  await lines.next();
}

function tell(step: string, facts: object): void {
  writeSync(1, `${JSON.stringify({ step, ...facts })}\n`);
}

const onDiag = () => logInside('diag', 1_000);
diag.setLogger(
  { error: onDiag, warn: onDiag, info: onDiag, debug: onDiag, verbose: onDiag },
  { logLevel: DiagLogLevel.ALL },
);
subscribe('undici:request:error', () => logInside('error', 3));

const telemetry = init({
  onNotice: (notice) => {
    recorder.notice(notice, performance.now());
    logInside('notice', 1_000);
  },
});
isStarted = true;
const monotonic = () => performance.now();
recorder.start({ ...telemetry, telemetry, monotonic, change: () => undefined });
const { init: required } = createRequire(import.meta.url)('otel-setup');
const isSame = init({ level: 'debug' }) === telemetry && required() === telemetry;
tell('started', { isSame });

log(500);
const first = telemetry.flush().then((result) => ({ ...result, stats: telemetry.stats() }));
log(100);
const second = telemetry.flush().then((result) => ({ ...result, stats: telemetry.stats() }));
const [one, two] = await Promise.all([first, second]);
recorder.sample(false);
tell('flushed', {
  settled: [one.stats.delivered, two.stats.delivered],
  pending: [one.pending, two.pending],
});

await told();
log(50);
diag.error('said by somebody else');
// The stock pipeline says neither.
for (let waits = 0; waits < 4_000 && (logged.error === 0 || logged.notice === 0); waits++) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
recorder.sample(false);
tell('failed', { ...logged });

await told();
await telemetry.flush();
const promises = [telemetry.shutdown(), telemetry.shutdown()];
const ends = await Promise.all(promises);
log(100);
const isSameAfter = init() === telemetry;
isStarted = false;
recorder.sample(false);
tell('over', { ends, deepest, isSameAfter, wasOnePromise: promises[0] === promises[1], ...logged });
await told();
process.stdin.destroy();
