// Alloy's own pages: is it ready, and does what it took from us get on?

import { cleanWords } from '../../deliver/words.ts';
import { countOf, spanOf } from '../../health/words.ts';
import { type AlloyMetrics, newReasons, readAlloyMetrics } from './alloy-metrics.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, warning, wrong } from './finding.ts';
import { type Got, httpGet } from './http-get.ts';
import { alloyLog } from './look-at-alloy.ts';
import { pause, within } from './within.ts';

const usualPort = '12345';
const pollMs = 250;

/** `--alloy`, else port 12345 of the machine that takes our records. */
function alloyPages({ alloyUrl, endpoint }: RouteExamination): string {
  if (alloyUrl !== undefined) return alloyUrl;
  return `http://${new URL(endpoint.url).hostname}:${usualPort}`;
}

export interface AlloyLook {
  readonly finding: Finding;
  /** Undefined where they cannot be read. */
  readonly before: AlloyMetrics | undefined;
}

export async function checkAlloy(examination: RouteExamination): Promise<AlloyLook> {
  const pages = alloyPages(examination);
  const ready = await get(`${pages}/-/ready`, examination);
  if (ready.status === 0) {
    const message = `Its own pages (${pages}) cannot be reached from here (${ready.text}); they are named by --alloy <url>. Alloy shows them on 127.0.0.1 only, unless it runs with --server.http.listen-addr=0.0.0.0:12345.`;
    return { finding: skipped('alloy', message), before: undefined };
  }
  const before = await metricsOf(examination);
  if (ready.status === 200) {
    const figures = before === undefined ? ' Its metrics cannot be read.' : '';
    return { finding: good('alloy', `Ready (${pages}/-/ready).${figures}`), before };
  }
  const finding = warning('alloy', {
    code: 'OTEL_SETUP_ALLOY_NOT_READY',
    message: `Alloy is not ready: ${pages}/-/ready answers ${ready.status}.`,
    fix: 'Look at its log, and at the graph of its components.',
    paste: [`curl -s ${pages}/-/ready`],
  });
  return { finding, before };
}

/** Watches Alloy's figures for as long as a step may take, until they say what became of the record. */
export async function checkBehindAlloy(
  before: AlloyMetrics,
  examination: RouteExamination,
): Promise<Finding> {
  const { stepMs, world } = examination;
  const endMs = world.clock.monotonic() + stepMs;
  let now: AlloyMetrics | undefined;
  do {
    await pause(world, pollMs);
    now = await metricsOf(examination);
    if (now !== undefined && now.failed > before.failed)
      return refusedBehind(now, before, examination);
    if (now !== undefined && now.sent > before.sent) {
      return good('behind-alloy', 'Alloy has sent records on since, and none was refused.');
    }
  } while (world.clock.monotonic() < endMs);
  return now === undefined
    ? skipped('behind-alloy', 'Its metrics cannot be read any more.')
    : stuckBehind(now, before, examination);
}

const code = 'OTEL_SETUP_ALLOY_EXPORTER';
const failures = 'exporting failed|error sending batch';
const whereInLog =
  'Alloy\'s log says why, at its otelcol.exporter ("Exporting failed") or loki.write ("error sending batch")';

function refusedBehind(
  now: AlloyMetrics,
  before: AlloyMetrics,
  examination: RouteExamination,
): Finding {
  const reasons = newReasons(before, now).join(', ');
  const why = reasons === '' ? '' : ` (${cleanWords(reasons, [])})`;
  const count = now.failed - before.failed;
  return wrong('behind-alloy', {
    code,
    message: `Alloy took the record, and what is behind it refused it${why}: its figures of what failed rose by ${count}. Alloy drops what is refused.`,
    fix: `${whereInLog}. Check its endpoint, its credentials and its tenant there.`,
    paste: [alloyLog(examination, failures)],
  });
}

function stuckBehind(
  now: AlloyMetrics,
  before: AlloyMetrics,
  examination: RouteExamination,
): Finding {
  const { stepMs } = examination;
  if (now.accepted === before.accepted) {
    return skipped(
      'behind-alloy',
      'Another Alloy took the record than shows these pages: name the right one by --alloy <url>.',
    );
  }
  const waits = waiting(now, before);
  if (waits !== undefined) {
    return wrong('behind-alloy', {
      code,
      message: `Alloy took the record and has not got rid of it within ${spanOf(stepMs)}: ${waits}.`,
      fix: `What is behind it cannot be reached, or refuses: ${whereInLog}. It gives up after some minutes, unless retry_on_failure has max_elapsed_time = "0s".`,
      paste: [alloyLog(examination, failures)],
    });
  }
  return warning('behind-alloy', {
    code,
    message: `Alloy took the record, and no exporter has sent, queued or lost one within ${spanOf(stepMs)}.`,
    fix: 'Check that the outputs of its otelcol.receiver.otlp lead to an exporter, past filters and samplers.',
    paste: [alloyLog(examination, failures)],
  });
}

function waiting(now: AlloyMetrics, before: AlloyMetrics): string | undefined {
  if (now.queued > 0) {
    const requests = now.queued === 1 ? '1 request waits' : `${countOf(now.queued)} requests wait`;
    return `${requests} in its queue (otelcol_exporter_queue_size)`;
  }
  return now.retried > before.retried
    ? 'its loki.write tries again and again (loki_write_batch_retries_total)'
    : undefined;
}

async function metricsOf(examination: RouteExamination): Promise<AlloyMetrics | undefined> {
  const { status, text } = await get(`${alloyPages(examination)}/metrics`, examination);
  return status === 200 ? readAlloyMetrics(text) : undefined;
}

async function get(url: string, { config, stepMs, world }: RouteExamination): Promise<Got> {
  const got = await within(world.clock, stepMs, (signal) =>
    httpGet(url, { config, world, signal }),
  );
  return got === 'late' ? { status: 0, text: `nothing within ${stepMs} ms` } : got;
}
