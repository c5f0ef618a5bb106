// Answers that only a change of configuration can cure, while the token is on the wire.

import { assert } from './assert.ts';
import { finish } from './finish.ts';
import { assertSecret } from './secrets.ts';
import { sized, speeded } from './settings.ts';
import { sped } from './speed.ts';
import { torture } from './torture.ts';

const token = 'glc_marker0f4secret1n2torture';
const basic = Buffer.from(`4711:${token}`).toString('base64');
const probeMs = 60_000;

const rows = [
  { status: 260, code: 'OTEL_SETUP_BLOCKED', names: /operator/ },
  { status: 302, code: 'OTEL_SETUP_REDIRECT', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 401, code: 'OTEL_SETUP_UNAUTHORIZED', names: /GRAFANA_CLOUD_API_KEY/ },
  { status: 403, code: 'OTEL_SETUP_FORBIDDEN', names: /GRAFANA_CLOUD_API_KEY/ },
  { status: 404, code: 'OTEL_SETUP_NOT_FOUND', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 407, code: 'OTEL_SETUP_PROXY', names: /HTTPS_PROXY/ },
  { status: 415, code: 'OTEL_SETUP_REFUSED_REQUEST', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
] as const;

torture(
  'T25',
  'a configuration error is probed once a minute, and told once by its setting',
  { forStock: true },
  async (c) => {
    const speed = speeded(sized(480, 60));
    const times: number[] = [];
    const { inbox, arrivals } = await c.receive({ onRequest: () => times.push(performance.now()) });
    const writer = await c.start({
      ...sped(speed),
      env: {
        LOG_ROUTE: 'direct',
        GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
        GRAFANA_CLOUD_INSTANCE_ID: '4711',
        GRAFANA_CLOUD_API_KEY: token,
        ALLOY_OTLP_ENDPOINT: '',
      },
    });
    for (const { status } of rows) {
      const before = times.length;
      inbox.setFault({ type: 'status', status, body: `no: ${token}, Basic ${basic}, ${basic}` });
      const { logged } = await writer.log({ count: 20 });
      await c.receiver.until(() => times.length >= before + 3, `two probes after ${status}`);
      inbox.setFault(undefined);
      const [first = 0, , third = 0] = times.slice(before);
      const tookMs = (third - first) * speed;
      assert.ok(tookMs >= 2 * probeMs * 0.9, `${status}: three requests within ${tookMs} ms`);
      await c.receiver.until(() => arrivals.has(writer.writer, logged), `stored after ${status}`);
    }
    const { end } = await finish(c, writer, {
      waitMs: probeMs / speed,
      duplicates: 0,
      notices: rows.map(({ code }) => code),
    });
    for (const { code, names } of rows) {
      const lines = end.stderr.split('\n').filter((line) => line.includes(code));
      assert.match(lines[0] ?? '', names);
    }
    c.figures['requests in 2 min'] = 3;
    assertSecret(c, [token, basic], [end.stdout, end.stderr]);
  },
);
