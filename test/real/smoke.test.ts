// `npm run smoke` as a user runs it, with the real Loki on the direct route and the real Alloy before it on the other.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { bareEnvironment, temporaryFolder } from '../journeys/program.ts';
import { plainAlloy, startAlloy } from './alloy.ts';
import { startLoki } from './loki.ts';
import { missing } from './programs.ts';

const smoke = join(import.meta.dirname, '../../packages/demo-app/dist/smoke.js');

it('the smoke test reads every field of every record back, over both routes', {
  skip: missing('loki', 'alloy'),
}, async (t) => {
  const folder = temporaryFolder(t);
  const loki = await startLoki(join(folder, 'loki'));
  t.after(() => loki.program.stop());
  const alloy = await startAlloy(join(folder, 'alloy'), plainAlloy(loki.url));
  t.after(() => alloy.program.stop());

  const child = spawn(process.execPath, [smoke], {
    env: {
      ...bareEnvironment(folder),
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${loki.url}/otlp`,
      GRAFANA_CLOUD_INSTANCE_ID: '123456',
      GRAFANA_CLOUD_API_KEY: 'not-a-real-token',
      ALLOY_OTLP_ENDPOINT: alloy.otlpUrl,
      LOKI_QUERY_URL: loki.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  assert.equal(code, 0, output);
  assert.match(output, /^direct: accepted (\d+), delivered \1, pending 0, dropped 0$/m);
  assert.match(output, /^alloy: accepted (\d+), handed to Alloy \1, pending 0, dropped 0$/m);
  const [, query = ''] = /^direct: .* in Grafana: (.*)$/m.exec(output) ?? [];
  assert.ok((await loki.query(query)).length > 0, 'the printed query finds the records');
});
