// The doctor's round, in its order: read top to bottom as the report.

import type { Answer } from '../../deliver/answer.ts';
import { cleanWords } from '../../deliver/words.ts';
import { openSender } from '../../sending.ts';
import { checkAlloy, checkBehindAlloy } from './check-alloy.ts';
import { checkClock } from './check-clock.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkAccess, type Sent, sendRecord } from './check-delivery.ts';
import { checkDoubles } from './check-doubles.ts';
import { checkLabels } from './check-labels.ts';
import { checkNetwork } from './check-network.ts';
import { checkPackages } from './check-packages.ts';
import { checkSpool } from './check-spool.ts';
import { type Examination, type RouteExamination, withRoute } from './examination.ts';
import { type Check, type Finding, wrong } from './finding.ts';
import { readBack } from './read-back.ts';
import { makeTestRecord, type TestRecord } from './test-record.ts';

/** Each finding as soon as it is known. */
export async function* examine(examination: Examination): AsyncGenerator<Finding> {
  const route = withRoute(examination);
  yield* guarded('configuration', () => checkConfiguration(examination));
  yield* guarded('labels', () => checkLabels(examination));
  if (route !== undefined) yield* guarded('endpoint', () => examineRoute(route));
  yield* guarded('installed', () => checkPackages(examination));
  yield* guarded('double', () => checkDoubles(examination));
  yield* guarded('spool', () => checkSpool(examination));
}

type Findings = Iterable<Finding> | AsyncIterable<Finding>;

/** An error of the doctor's own ends one part of the round, not the round. */
async function* guarded(
  check: Check,
  look: () => Findings | Promise<Findings>,
): AsyncGenerator<Finding> {
  try {
    yield* await look();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    yield wrong(check, {
      code: 'OTEL_SETUP_DOCTOR',
      message: `The doctor itself failed here: ${cleanWords(words, [])}`,
      fix: 'Please report this.',
    });
  }
}

async function* examineRoute(route: RouteExamination): AsyncGenerator<Finding> {
  for await (const finding of checkNetwork(route)) {
    yield finding;
    if (finding.state === 'wrong') return;
  }
  const { config, world } = route;
  const notice = (): void => undefined;
  const sender = openSender({ config, endpoint: route.endpoint, notice, world });
  try {
    const alloy = config.route === 'alloy' ? await checkAlloy(route) : undefined;
    if (alloy !== undefined) yield alloy.finding;
    const access = await checkAccess(route, sender);
    yield* access.findings;
    if (access.findings.some(({ state }) => state === 'wrong')) {
      yield checkClock([access.answer], route);
      return;
    }
    const record = makeTestRecord(route);
    const sent = await sendRecord(route, sender, record);
    yield sent.finding;
    yield* afterwards(sent, record, access.answer, route);
    if (sent.outcome.type !== 'settle') return;
    if (alloy?.before !== undefined) yield await checkBehindAlloy(alloy.before, route);
    yield await readBack(record, route);
  } finally {
    await sender.close();
  }
}

async function* afterwards(
  sent: Sent,
  record: TestRecord,
  first: Answer,
  route: RouteExamination,
): AsyncGenerator<Finding> {
  if (isRefused(sent)) {
    // Upstream's parts load winston, which may be what is missing.
    const { askSecondOpinion } = await import('./second-opinion.ts');
    yield await askSecondOpinion(record, route);
  }
  yield checkClock([sent.answer, first], route);
}

/** By its status: the upstream exporter takes any 2xx for success, and repeats what may pass later. */
function isRefused({ answer }: Sent): boolean {
  if (answer.type !== 'answer') return false;
  return answer.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status);
}
