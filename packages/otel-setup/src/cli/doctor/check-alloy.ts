// Alloy's own pages: is it ready, and does what it took from us get on?

import { type AlloyMetrics, readAlloyMetrics } from './alloy-metrics.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, warning, wrong } from './finding.ts';
import { type Got, httpGet } from './http-get.ts';
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
    if (now !== undefined && now.failed > before.failed) return refusedBehind(now, before);
    if (now !== undefined && now.sent > before.sent) {
      return good('behind-alloy', 'Alloy has sent records on since, and none was refused.');
    }
  } while (world.clock.monotonic() < endMs);
  return now === undefined
    ? skipped('behind-alloy', 'Its metrics cannot be read any more.')
    : stuckBehind(now, before, examination);
}

function refusedBehind(now: AlloyMetrics, before: AlloyMetrics): Finding {
  return wrong('behind-alloy', {
    code: 'OTEL_SETUP_ALLOY_EXPORTER',
    message: `Alloy took the record, and what is behind it refused it: otelcol_exporter_send_failed_log_records_total rose by ${now.failed - before.failed}. Alloy drops what is refused.`,
    fix: 'Alloy\'s log says why, at its otelcol.exporter (search for "Exporting failed"). Check its endpoint, its credentials and its tenant there.',
    paste: ['journalctl -u alloy | grep -i "exporting failed"'],
  });
}

function stuckBehind(
  now: AlloyMetrics,
  before: AlloyMetrics,
  { stepMs }: RouteExamination,
): Finding {
  const code = 'OTEL_SETUP_ALLOY_EXPORTER';
  if (now.accepted === before.accepted) {
    return skipped(
      'behind-alloy',
      'Another Alloy took the record than shows these pages: name the right one by --alloy <url>.',
    );
  }
  if (now.queued > 0) {
    return wrong('behind-alloy', {
      code,
      message: `Alloy took the record and has not got rid of it within ${stepMs} ms: ${now.queued} requests wait in its queue (otelcol_exporter_queue_size).`,
      fix: 'What is behind it cannot be reached, or refuses: Alloy\'s log says why, at its otelcol.exporter. It gives up after 5 min unless retry_on_failure has max_elapsed_time = "0s".',
      paste: ['journalctl -u alloy | grep -i "exporting failed"'],
    });
  }
  return warning('behind-alloy', {
    code,
    message: `Alloy took the record, and no exporter has sent, queued or lost one within ${stepMs} ms.`,
    fix: 'Check that the outputs of its otelcol.receiver.otlp lead to an exporter, past filters and samplers.',
  });
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
