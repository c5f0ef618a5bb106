// What Loki will know the service by: named before the first record is sent.

import { basename } from 'node:path';
import { billedBytes } from '../../deliver/billed-bytes.ts';
import { freeTier } from '../../health/stats.ts';
import { countOf } from '../../health/words.ts';
import { labelNotices } from '../../label-notices.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, warning } from './finding.ts';
import { setting } from './paste.ts';
import { sourceOf } from './settings.ts';
import { makeTestRecord } from './test-record.ts';

export function checkLabels(examination: Examination): Finding[] {
  const { resource } = examination.config;
  return [
    checkService(examination),
    ...labelNotices(resource).map(({ code, level, message }) =>
      level === 'warn' ? warning('labels', { code, message }) : good('labels', message),
    ),
    costLine(examination),
  ];
}

/** What Loki bills is more than the line: each record brings its fields, each request the resource. */
function costLine(examination: Examination): Finding {
  const { batch } = makeTestRecord(examination);
  const { bytesPerMonth, streams } = freeTier;
  return good(
    'cost',
    `A short record sent alone counts for ${countOf(billedBytes(batch, 0, 1))} bytes at Loki, and each process is one stream; Grafana Cloud's free tier has ${bytesPerMonth / 1e9} GB a month and ${countOf(streams)} streams.`,
  );
}

function checkService(examination: Examination): Finding {
  const { config, host } = examination;
  const { platform, resource } = config;
  const name = String(resource['service.name']);
  if (name.startsWith('unknown_service')) {
    return warning('service', {
      code: 'OTEL_SETUP_SERVICE_NAME',
      message: `The service has no name: in Loki it is service_name="${name}", with every other service that has none.`,
      fix: 'Name it, or run this in the folder of its package.json.',
      paste: [setting('OTEL_SERVICE_NAME', basename(host.cwd()) || '<name>')],
    });
  }
  const variable = sourceOf(examination, ['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES']);
  const from = variable === 'default' ? `package.json or the platform` : variable;
  const where = platform.name === 'unknown' ? '' : `, on ${platform.name}`;
  return good('service', `service_name="${name}" (${from})${where}.`);
}
