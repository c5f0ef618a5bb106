// Does the endpoint accept who we are, and does it take one real record? Asked by the application's own sender.

import type { Answer } from '../../deliver/answer.ts';
import { judge, type Outcome } from '../../deliver/outcome.ts';
import type { Sender } from '../../deliver/sender.ts';
import type { TroubleKind } from '../../deliver/trouble.ts';
import { spanOf } from '../../health/words.ts';
import type { RouteExamination } from './examination.ts';
import { type Check, type Finding, good, skipped, warning } from './finding.ts';
import { command } from './paste.ts';
import type { TestRecord } from './test-record.ts';
import { troubleFinding } from './trouble-finding.ts';
import { pause, within } from './within.ts';

const attempts = 3;
const pauseMs = 500;

/** An empty request stores nothing, and still says whether the path and the credentials are right. */
export async function checkAccess(
  examination: RouteExamination,
  sender: Sender,
): Promise<{ findings: Finding[]; answer: Answer }> {
  const answer = await ask(examination, sender, new Uint8Array());
  return { findings: judgeAccess(answer, examination), answer };
}

function judgeAccess(answer: Answer, examination: RouteExamination): Finding[] {
  const outcome = judge(answer, examination.world.clock.now());
  if (outcome.type === 'probe') {
    const finding = troubleFinding(
      checkOf(outcome.trouble),
      outcome.trouble,
      outcome.words,
      examination,
    );
    return outcome.trouble === 'forbidden'
      ? [good('authentication', 'The credentials are known.'), finding]
      : [finding];
  }
  if (answer.type === 'failure' && outcome.type === 'keep') {
    return [troubleFinding('endpoint', outcome.trouble, outcome.words, examination)];
  }
  const status = answer.type === 'answer' ? answer.status : 0;
  if (outcome.type === 'keep') {
    return [skipped('authentication', `HTTP ${status} to an empty request says nothing about it.`)];
  }
  const { headers } = examination.endpoint;
  const isNamed = headers.authorization !== undefined;
  return [
    isNamed
      ? good('authentication', `Accepted (HTTP ${status} to an empty request).`)
      : good('authentication', `None is sent, and none is asked for (HTTP ${status}).`),
    good('scope', 'Writing logs is allowed.'),
  ];
}

function checkOf(trouble: TroubleKind): Check {
  if (trouble === 'unauthorized' || trouble === 'tenant') return 'authentication';
  if (trouble === 'forbidden') return 'scope';
  return trouble === 'proxy' ? 'proxy' : 'endpoint';
}

export interface Sent {
  readonly finding: Finding;
  readonly outcome: Outcome;
  readonly answer: Answer;
}

/** What may pass by itself is asked again, twice. */
export async function sendRecord(
  examination: RouteExamination,
  sender: Sender,
  record: TestRecord,
): Promise<Sent> {
  const { clock } = examination.world;
  for (let attempt = 1; ; attempt++) {
    const startedMs = clock.monotonic();
    const answer = await ask(examination, sender, record.request);
    const tookMs = clock.monotonic() - startedMs;
    const outcome = judge(answer, clock.now());
    if (outcome.type !== 'keep' || attempt === attempts) {
      const finding = recordLine(answer, outcome, { tookMs, attempt }, examination);
      return { finding, outcome, answer };
    }
    await pause(examination.world, Math.min(outcome.waitMs ?? pauseMs, 2 * pauseMs));
  }
}

function recordLine(
  answer: Answer,
  outcome: Outcome,
  { attempt, tookMs }: { readonly attempt: number; readonly tookMs: number },
  examination: RouteExamination,
): Finding {
  const status = answer.type === 'answer' ? `HTTP ${answer.status}` : 'no answer';
  if (outcome.type !== 'settle') {
    return troubleFinding('record', troubleOf(outcome), outcome.words, examination);
  }
  if (outcome.rejected > 0) {
    return troubleFinding('record', 'partial-success', outcome.words, examination);
  }
  const what = examination.config.route === 'alloy' ? 'handed to Alloy' : 'stored';
  const again = attempt === 1 ? '' : `, at the ${attempt === 2 ? 'second' : 'third'} attempt`;
  const message = `One record is ${what} (${status} after ${spanOf(tookMs)}${again}).`;
  if (attempt === 1) return good('record', message);
  return warning('record', {
    code: 'OTEL_SETUP_SERVER_ERROR',
    message,
    fix: 'Nothing needs doing unless it goes on: records wait in the spool meanwhile.',
    paste: [command('doctor', examination)],
  });
}

function troubleOf(outcome: Exclude<Outcome, { type: 'settle' }>): TroubleKind {
  if (outcome.type !== 'entries') return outcome.trouble;
  return outcome.refusals.some(({ wholeStream }) => wholeStream) ? 'labels' : 'entries';
}

async function ask(
  { stepMs, world }: RouteExamination,
  sender: Sender,
  body: Uint8Array,
): Promise<Answer> {
  const answer = await within(world.clock, stepMs, (signal) => sender.send(body, signal));
  if (answer !== 'late') return answer;
  const message = `no complete answer within ${spanOf(stepMs)}`;
  return { type: 'failure', kind: 'timeout', message, code: undefined };
}
