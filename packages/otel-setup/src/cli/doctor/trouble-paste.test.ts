// What is given to paste for a trouble of the route.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Environment } from '../../config/environment.ts';
import { Findings } from '../../config/findings.ts';
import { fakeHost } from '../../config/host.test.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { TroubleKind } from '../../deliver/trouble.ts';
import { type Examination, withRoute } from './examination.ts';
import { troublePaste } from './trouble-paste.ts';

type Env = Readonly<Record<string, string>>;

function pasted(kind: TroubleKind, env: Env, said = ''): readonly string[] {
  const host = fakeHost(env);
  const given = { host, env: new Environment(env, new Findings()), config: loadConfig({}, host) };
  const route = withRoute(given as unknown as Examination);
  assert.ok(route);
  return troublePaste(kind, said, route);
}

const logs = 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT';
const base = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const own = { LOG_ROUTE: 'direct', [base]: 'http://loki.lan' };
const cloud = {
  GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp',
  GRAFANA_CLOUD_INSTANCE_ID: '424242',
  GRAFANA_CLOUD_API_KEY: 'glc_x',
};
const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy.lan:4318' };
const inPod = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };
const post = "curl -i --data '' -H 'Content-Type: application/x-protobuf'";

/** [kind, environment, what was said, lines] */
const troubles: readonly (readonly [TroubleKind, Env, string, ...string[]])[] = [
  ['not-found', own, '', `${base}=http://loki.lan/otlp`, `${post} http://loki.lan/v1/logs`],
  ['redirect', own, '', `${base}=http://loki.lan/otlp`, `${post} http://loki.lan/v1/logs`],
  [
    'not-found',
    { LOG_ROUTE: 'direct', [logs]: 'http://loki.lan/v1/logs' },
    '',
    `${logs}=http://loki.lan/otlp/v1/logs`,
    `${post} http://loki.lan/v1/logs`,
  ],
  [
    'not-found',
    { ...own, [base]: 'http://loki:3100/otlp' },
    '',
    `${post} http://loki:3100/otlp/v1/logs`,
  ],
  [
    'not-found',
    { ALLOY_OTLP_ENDPOINT: 'http://alloy.lan:4318/otlp' },
    '',
    'ALLOY_OTLP_ENDPOINT=http://alloy.lan:4318',
    `${post} http://alloy.lan:4318/otlp/v1/logs`,
  ],
  ['plain-http', own, '', `${base}=https://loki.lan`],
  ['plain-http', alloy, '', 'ALLOY_OTLP_ENDPOINT=https://alloy.lan:4318'],
  [
    'tls',
    { ALLOY_OTLP_ENDPOINT: 'https://alloy.lan:4318' },
    'no TLS at all on the other side',
    'ALLOY_OTLP_ENDPOINT=http://alloy.lan:4318',
  ],
  ['refused', alloy, '', 'curl -v http://alloy.lan:4318'],
  ['dns', alloy, '', 'getent hosts alloy.lan'],
  ['rate-limited', cloud, '', 'LOG_LEVEL=warn'],
  ['rate-limited', { ...cloud, LOG_LEVEL: 'debug' }, '', 'LOG_LEVEL=info'],
  ['server-error', cloud, '', 'npx otel-setup doctor'],
  [
    'blocked',
    cloud,
    '',
    `${post} -u '<user>:<token>' https://otlp-gateway-prod-eu-west-2.grafana.net/otlp/v1/logs`,
  ],
  ['client-error', own, '', `${post} http://loki.lan/v1/logs`],
  [
    'labels',
    { ...own, OTEL_RESOURCE_ATTRIBUTES: 'team=a,service.namespace=long' },
    "stream '{a=\"b\"}' has label value too long: 'long'",
    "OTEL_RESOURCE_ATTRIBUTES='team=a,service.namespace=<shorter value>'",
  ],
  ['entries', own, 'has timestamp too new', 'timedatectl set-ntp true'],
  [
    'unauthorized',
    cloud,
    '',
    "GRAFANA_CLOUD_INSTANCE_ID='<instance id>'",
    "GRAFANA_CLOUD_API_KEY='<token glc_...>'",
  ],
  [
    'unauthorized',
    { ...own, OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'Authorization=Basic%20eDp5' },
    '',
    "OTEL_EXPORTER_OTLP_LOGS_HEADERS='Authorization=Basic%20<base64 of user:password>'",
  ],
  [
    'tenant',
    { LOG_ROUTE: 'direct', GRAFANA_CLOUD_OTLP_ENDPOINT: 'http://loki.lan/otlp' },
    '',
    'LOG_ROUTE=direct',
    `${logs}=http://loki.lan/otlp/v1/logs`,
    "OTEL_EXPORTER_OTLP_LOGS_HEADERS='X-Scope-OrgID=<tenant>'",
    'unset GRAFANA_CLOUD_OTLP_ENDPOINT',
  ],
  [
    'proxy',
    { ...own, http_proxy: 'http://user:pass1@proxy.lan:3128' },
    'the proxy proxy.lan:3128 answers 403',
    'curl -v --proxytunnel --proxy http://proxy.lan:3128 http://loki.lan',
  ],
  [
    'proxy',
    { ...own, http_proxy: 'http://proxy.lan:3128' },
    'the proxy proxy.lan:3128 answers 407',
    "http_proxy='http://<user>:<password>@proxy.lan:3128'",
  ],
  ['unnamed-proxy', own, 'HTTP 407', "HTTP_PROXY='http://<user>:<password>@<host>:<port>'"],
  [
    'server-error',
    { ...inPod, ALLOY_OTLP_ENDPOINT: 'http://alloy-node.monitoring.svc.cluster.local:4318' },
    '',
    'curl -s http://alloy-node.monitoring.svc.cluster.local:12345/-/ready',
    'kubectl logs --namespace monitoring service/alloy-node | tail',
  ],
  [
    'server-error',
    alloy,
    '',
    'curl -s http://alloy.lan:12345/-/ready',
    'journalctl -u alloy | tail',
  ],
  [
    'refused',
    { ...inPod, ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' },
    '',
    "kubectl describe --namespace '<namespace of Alloy>' service/alloy",
    'curl -v http://alloy:4318',
  ],
  [
    'server-error',
    { ...inPod, ALLOY_OTLP_ENDPOINT: 'http://10.0.3.7:4318' },
    '',
    'curl -s http://10.0.3.7:12345/-/ready',
    "kubectl logs --namespace '<namespace of Alloy>' 'service/<alloy>' | tail",
  ],
];

describe('what is given to paste for a trouble of the route', () => {
  for (const [kind, env, said, ...lines] of troubles) {
    it(`${kind} ${JSON.stringify(env)} ${said}`, () => {
      assert.deepEqual(pasted(kind, env, said), lines);
    });
  }
});
