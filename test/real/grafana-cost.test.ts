// What the demo's records cost at each level, as the real Loki counts them when it takes them in; docs/cost.md has the figures.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lokiWithDemo } from './grafana-demo.ts';
import { missing } from './programs.ts';

/** The sum of all series of one of Loki's own counters. */
function counted(metrics: string, name: string): number {
  const values = [...metrics.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'))];
  assert.ok(values.length > 0, name);
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

it('Loki counts fewer bytes for the demo the higher the level is', {
  skip: missing('loki'),
}, async (t) => {
  let before = Number.POSITIVE_INFINITY;
  for (const level of ['silly', 'debug', 'info', 'warn']) {
    const loki = await lokiWithDemo(t, level);
    const metrics = await (await fetch(`${loki.url}/metrics`)).text();
    const bytes = counted(metrics, 'loki_distributor_bytes_received_total');
    const records = counted(metrics, 'loki_distributor_lines_received_total');
    t.diagnostic(
      `${level}: ${records} records, ${bytes} bytes, ${Math.round(bytes / records)} each`,
    );
    assert.ok(bytes > 0 && bytes < before, level);
    before = bytes;
    await loki.program.stop();
  }
});
