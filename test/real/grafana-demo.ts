// A real Loki with the demo's records in it, and a record that tells of a gap.

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startShop } from '../../packages/demo-app/src/shop-process.ts';
import { send, visits } from '../../packages/demo-app/src/traffic.ts';
import { gapRecord } from '../../packages/otel-setup/src/own-records.ts';
import { bareEnvironment, temporaryFolder } from '../journeys/program.ts';
import { type Loki, startLoki } from './loki.ts';

/** Rounds through the shop: enough errors for the rule that watches for a burst of them. */
const rounds = 8;

/** @param level the shop's LOG_LEVEL. */
export async function lokiWithDemo(t: TestContext, level = 'silly'): Promise<Loki> {
  const folder = temporaryFolder(t);
  const loki = await startLoki(join(folder, 'loki'));
  t.after(() => loki.program.stop());
  const shop = await startShop({
    env: {
      ...bareEnvironment(folder),
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=demo',
      OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp`,
      LOG_ROUTE: 'direct',
      LOG_LEVEL: level,
      LOG_CONSOLE: 'off',
      LOG_SPOOL_DIR: join(folder, 'spool'),
      PORT: '0',
    },
    console: false,
  });
  try {
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all(visits.map((visit) => send(shop.url, visit)));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
  } finally {
    await shop.stop();
  }
  return loki;
}

/** As a spool that ran full leaves it behind. */
export async function sendGap(lokiUrl: string): Promise<void> {
  const now = Date.now();
  const gap = { count: 12, firstMs: now - 2000, lastMs: now - 1000, reason: 'disk_cap' } as const;
  const { severityNumber, severityText, body, attributes } = gapRecord(gap, [0, 0]);
  const record = {
    timeUnixNano: `${now}000000`,
    severityNumber,
    severityText,
    body: { stringValue: body },
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const response = await fetch(`${lokiUrl}/otlp/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
