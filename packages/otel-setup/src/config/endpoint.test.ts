import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../errors.ts';
import type { Config } from './config.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';

const gateway = 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp';
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const token = { GRAFANA_CLOUD_INSTANCE_ID: '123456', GRAFANA_CLOUD_API_KEY: 'glc_token' };
const load = (env: Record<string, string>): Config => loadConfig({}, fakeHost(env));
const texts = (config: Config) => config.notices.map(({ message }) => message).join('\n');

test('an endpoint is repaired with one notice where the intention is beyond doubt', () => {
  const g = 'GRAFANA_CLOUD_OTLP_ENDPOINT';
  const a = 'ALLOY_OTLP_ENDPOINT';
  const l = 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT';
  const logs = `${gateway}/v1/logs`;
  const cases: [string, string, string, RegExp | undefined][] = [
    [g, gateway, logs, undefined],
    [g, `${gateway}/`, logs, undefined],
    [g, gateway.replace('https://', ''), logs, /no scheme; https:/],
    [g, gateway.replace('https:', 'http:'), logs, /http:\/\/ became https/],
    [g, gateway.replace(/\/otlp$/, ''), logs, /\/otlp was missing/],
    [g, logs, logs, /ends in \/v1\/logs, which is appended anyway/],
    [g, `${logs}/v1/logs`, logs, /became one \/v1\/logs/],
    [g, `${gateway.replace(/\/otlp$/, '')}/v1/logs`, logs, /\/otlp was missing/],
    [g, `"${gateway}"`, logs, /quotes/],
    [g, ` ${gateway}\n`, logs, /whitespace or a line break/],
    [g, `${g}=${gateway}`, logs, /its own name/],
    [g, `export ${g}='${gateway}'`, logs, /its own name and quotes/],
    [
      g,
      'https://logs-prod-eu-west-0.grafana.net/loki/api/v1/push',
      'https://logs-prod-eu-west-0.grafana.net/otlp/v1/logs',
      /push path/,
    ],
    [
      g,
      'https://otlp-gateway-a.aws-eu-1-2.grafana.net/otlp',
      'https://otlp-gateway-a.aws-eu-1-2.grafana.net/otlp/v1/logs',
      undefined,
    ],
    [a, 'alloy:4318', 'http://alloy:4318/v1/logs', /no scheme; http:/],
    [a, '10.0.0.7', 'http://10.0.0.7/v1/logs', /no scheme; http:/],
    [a, 'alloy.example.com', 'https://alloy.example.com/v1/logs', /no scheme; https:/],
    [a, '[::1]:4318', 'http://[::1]:4318/v1/logs', /no scheme/],
    [a, 'http://alloy:4317', 'http://alloy:4318/v1/logs', /4317 \(gRPC\) became 4318/],
    [a, 'grpc://alloy:4317', 'http://alloy:4318/v1/logs', /gRPC became HTTP/],
    [a, 'http://alloy:4318/v1/traces', 'http://alloy:4318/v1/logs', /\/v1\/traces in it/],
    [a, 'http://alloy:4318/team', 'http://alloy:4318/team/v1/logs', undefined],
    [a, 'http://alloy:4318/#x', 'http://alloy:4318/v1/logs', undefined],
    [a, 'http://alloy:4318?k=v', 'http://alloy:4318/v1/logs?k=v', undefined],
    [l, 'http://alloy:4318/v1/logs', 'http://alloy:4318/v1/logs', undefined],
    [l, 'http://alloy:4318/own/path', 'http://alloy:4318/own/path', undefined],
    [l, 'http://alloy:4318', 'http://alloy:4318/v1/logs', /\/v1\/logs was missing/],
    [l, `${gateway}`, logs, /\/v1\/logs was missing/],
    [l, 'http://alloy:4318/v1/logs/v1/logs', 'http://alloy:4318/v1/logs', /became one/],
  ];
  for (const [name, value, url, notice] of cases) {
    const credentials = url.includes('grafana.net') ? token : {};
    const config = load({
      ...credentials,
      LOG_ROUTE: name === a ? 'alloy' : 'direct',
      [name]: value,
    });
    assert.equal(config.endpoint?.url, url, value);
    assert.deepEqual(config.problems, [], value);
    assert.equal(config.notices.length, notice === undefined ? 0 : 1, `${value}: ${texts(config)}`);
    if (notice !== undefined) assert.match(texts(config), notice);
  }
});

test("a Loki's own address on the direct route gets its /otlp", () => {
  const config = load({ LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://loki:3100' });
  assert.equal(config.endpoint?.url, 'http://loki:3100/otlp/v1/logs');
  assert.match(texts(config), /\/otlp was missing/);
});

test('grpc as protocol is told, and http/protobuf on 4318 is used', () => {
  const config = load({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://alloy:4317',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  });
  assert.equal(config.endpoint?.url, 'http://alloy:4318/v1/logs');
  assert.equal(config.pipeline, 'spool');
  assert.match(texts(config), /OTEL_EXPORTER_OTLP_PROTOCOL=grpc/);
});

test('an address that takes no logs is told, and kept so that records wait in the spool', () => {
  for (const [url, text] of [
    ['https://mystack.grafana.net', /a stack's web address \(mystack\.grafana\.net\)/],
    ['https://mystack.grafana.net/explore', /a stack's web address/],
    ['https://grafana.com/orgs/mine', /a stack's web address/],
    ['https://prometheus-prod-01.grafana.net/otlp', /another service's address/],
  ] as const) {
    const config = load({ ...token, GRAFANA_CLOUD_OTLP_ENDPOINT: url });
    assert.equal(config.route, 'direct');
    assert.notEqual(config.endpoint, undefined);
    assert.match(config.problems.join(), text);
    assert.match(config.problems.join(), /otlp-gateway-<zone>\.grafana\.net\/otlp/);
  }
});

test('what no endpoint can be is refused: the route stays, the endpoint is missing', () => {
  const cases: [string, RegExp][] = [
    ['file:///etc/passwd', /other schemes are refused/],
    ['ftp://alloy', /other schemes are refused/],
    ['javascript:alert(1)', /other schemes are refused/],
    ['http://', /got something that is none/],
    ['http://a b', /got something that is none/],
    ['glc_eyJvIjoiMSJ9', /looks like a token/],
    ['http://169.254.169.254', /metadata/],
    ['169.254.169.254:80', /metadata/],
    ['http://2852039166', /metadata/],
    ['http://0xa9fea9fe', /metadata/],
    ['http://0251.0376.0251.0376', /metadata/],
    ['http://[::ffff:169.254.169.254]', /metadata/],
    ['http://[::ffff:a9fe:a9fe]:4318', /metadata/],
    ['http://[fd00:ec2::254]', /metadata/],
    ['http://alloy:3500/loki/api/v1/push', /Loki push URL/],
    ['<your endpoint>', /placeholder/],
    ['http://<host of Alloy>:4318', /placeholder/],
    ['$' + '{ALLOY_URL}', /placeholder/],
    ['ALLOY_OTLP_HEADERS=a=b', /holds a line for ALLOY_OTLP_HEADERS/],
  ];
  for (const [value, text] of cases) {
    const config = load({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: value });
    assert.equal(config.route, 'alloy', value);
    const isUnset = /placeholder|line for/.test(config.problems.join());
    assert.equal(
      config.endpoint?.url,
      isUnset ? 'http://localhost:4318/v1/logs' : undefined,
      value,
    );
    assert.equal(config.problems.length, 1, value);
    assert.match(config.problems[0] ?? '', text, value);
    assert.deepEqual(
      config.notices.map(({ code, level }) => [code, level]),
      [['OTEL_SETUP_CONFIG', 'error']],
    );
  }
});

test('an endpoint that holds a placeholder is not called missing as well', () => {
  const endpoint = 'https://otlp-gateway-<zone>.grafana.net/otlp';
  const cases: [Record<string, string>, string][] = [
    [{ ...token, GRAFANA_CLOUD_OTLP_ENDPOINT: endpoint }, 'GRAFANA_CLOUD_OTLP_ENDPOINT'],
    [{ LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ];
  for (const [env, name] of cases) {
    assert.deepEqual(load(env).problems, [
      `${name} holds a placeholder that nothing filled in. Set the value itself.`,
    ]);
  }
});

test('a port alone is no address', () => {
  for (const value of ['4318', ':4318']) {
    const { endpoint, problems } = load({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: value });
    assert.equal(endpoint, undefined);
    assert.match(problems.join(), /ALLOY_OTLP_ENDPOINT must be .*, got a port alone/);
  }
});

test('credentials never go over plain http to a public host', () => {
  const env = { ALLOY_OTLP_HEADERS: 'Authorization=Bearer x' };
  for (const host of [
    'logs.example.com',
    '8.8.8.8:4318',
    '[2001:db8::1]:4318',
    'alloy.monitoring',
  ]) {
    const config = load({ ...env, ALLOY_OTLP_ENDPOINT: `http://${host}` });
    assert.equal(config.endpoint, undefined, host);
    assert.match(config.problems.join(), /plain http to a public host/, host);
    const open = load({ ALLOY_OTLP_ENDPOINT: `http://${host}` });
    assert.notEqual(open.endpoint, undefined, host);
  }
  for (const host of [
    ...['localhost', '127.0.0.1', '[::1]', '10.1.2.3', '172.20.0.2', '192.168.1.2', '[fdaa::3]'],
    ...['alloy', 'shop.internal', 'nas.local', 'alloy.mon.svc', 'a.b.svc.cluster.local'],
    ...['shop.flycast', 'host.docker.internal'],
  ]) {
    const config = load({ ...env, ALLOY_OTLP_ENDPOINT: `http://${host}:4318` });
    assert.deepEqual(config.endpoint?.headers, { authorization: 'Bearer x' }, host);
  }
  const inCluster = load({
    ...env,
    KUBERNETES_SERVICE_HOST: '10.0.0.1',
    ALLOY_OTLP_ENDPOINT: 'http://alloy.monitoring:4318',
  });
  assert.notEqual(inCluster.endpoint, undefined);
  const tenant = load({
    LOG_ROUTE: 'direct',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://loki.example.com/otlp',
    OTEL_EXPORTER_OTLP_HEADERS: 'X-Scope-OrgID=team',
  });
  assert.notEqual(tenant.endpoint, undefined);
});

test('user-info leaves the URL, and becomes Basic credentials where no header says otherwise', () => {
  const url = 'http://user:p%40ss@alloy:4318';
  const config = load({ ALLOY_OTLP_ENDPOINT: url });
  assert.equal(config.endpoint?.url, 'http://alloy:4318/v1/logs');
  assert.deepEqual(config.endpoint.headers, { authorization: basic('user:p@ss') });
  assert.equal(config.endpoint.settings.credentials, 'ALLOY_OTLP_ENDPOINT');
  assert.match(texts(config), /taken out of it/);
  assert.doesNotMatch(texts(config), /p@ss|p%40ss/);
  const both = load({ ALLOY_OTLP_ENDPOINT: url, ALLOY_OTLP_HEADERS: 'Authorization=Bearer x' });
  assert.deepEqual(both.endpoint?.headers, { authorization: 'Bearer x' });
  const bare = load({ ALLOY_OTLP_ENDPOINT: 'user:pass@alloy:4318' });
  assert.equal(bare.endpoint?.url, 'http://alloy:4318/v1/logs');
  assert.deepEqual(bare.endpoint.headers, { authorization: basic('user:pass') });
});

test('a wrong endpoint in code is thrown, and so is the wrong route for it', () => {
  for (const options of [
    { route: 'alloy', endpoint: 'file:///x' },
    { route: 'alloy', endpoint: gateway },
    { alloy: { endpoint: 'http://169.254.1.1' } },
    { route: 'direct', endpoint: 'http://logs.example.com', headers: { authorization: 'x' } },
  ] as const) {
    assert.throws(() => loadConfig(options, fakeHost()), ConfigError, JSON.stringify(options));
  }
  const switched = loadConfig({ endpoint: gateway }, fakeHost({ LOG_ROUTE: 'alloy' }));
  assert.equal(switched.endpoint?.url, 'http://localhost:4318/v1/logs');
  assert.match(texts(switched), /not used: the route is alloy/);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 is told once', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', ALLOY_OTLP_ENDPOINT: 'https://alloy:4318' };
  assert.deepEqual(
    load(env).notices.map(({ code }) => code),
    ['OTEL_SETUP_TLS_VERIFIED'],
  );
  assert.deepEqual(load({ ...env, ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' }).notices, []);
});
