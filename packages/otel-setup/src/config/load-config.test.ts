import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from './config.ts';
import type { ConfigOptions } from './config-options.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';

const gateway = 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp';
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const cloud = {
  GRAFANA_CLOUD_OTLP_ENDPOINT: gateway,
  GRAFANA_CLOUD_INSTANCE_ID: '123456',
  GRAFANA_CLOUD_API_KEY: 'glc_token',
};
const pasted = {
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_EXPORTER_OTLP_ENDPOINT: gateway,
  OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Basic%20${basic('123456:glc_token').slice(6)}`,
};
const load = (env: Record<string, string>, options: ConfigOptions = {}): Config =>
  loadConfig(options, fakeHost(env));

test('a laptop with nothing set gets a console, defaults and no notice', () => {
  const config = load({});
  assert.equal(config.route, 'none');
  assert.equal(config.routeReason, 'no route and no endpoint is set');
  assert.equal(config.endpoint, undefined);
  assert.deepEqual(config.notices, []);
  assert.deepEqual(config.problems, []);
  assert.equal(config.timeoutMs, 10_000);
  assert.equal(config.compression, 'gzip');
  assert.equal(config.pipeline, 'spool');
  assert.deepEqual(config.logger, { level: 'info', console: 'json' });
  assert.deepEqual(config.limits, { attributeCount: 128, attributeValueLength: Infinity });
  assert.equal(config.spool.durability, 'record');
  assert.equal(config.spool.maxBytes, undefined);
  assert.equal(config.noticeLevel, 'info');
  assert.deepEqual(config.batchProcessor, {});
});

test('NODE_ENV switches nothing', () => {
  assert.deepEqual(load({ NODE_ENV: 'production' }), load({}));
});

test('the config is frozen to its depth', () => {
  const config = load({ ...cloud, LOG_ROUTE: 'allow', OTEL_BLRP_MAX_QUEUE_SIZE: 'x' });
  const queue: unknown[] = [config];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    assert.equal(Object.isFrozen(value), true, JSON.stringify(value));
    queue.push(...Object.values(value));
  }
});

test('the three variables of Grafana Cloud make the direct route', () => {
  const config = load(cloud);
  assert.equal(config.route, 'direct');
  assert.equal(config.routeReason, 'GRAFANA_CLOUD_OTLP_ENDPOINT is set');
  assert.equal(config.endpoint?.url, `${gateway}/v1/logs`);
  assert.deepEqual(config.endpoint.headers, { authorization: basic('123456:glc_token') });
  assert.deepEqual(config.endpoint.settings, {
    url: 'GRAFANA_CLOUD_OTLP_ENDPOINT',
    credentials: 'GRAFANA_CLOUD_API_KEY',
  });
  assert.deepEqual(config.notices, []);
});

test("what Grafana Cloud's page hands out works as pasted, with %20 and with a plain space", () => {
  for (const space of ['%20', ' ']) {
    const headers = pasted.OTEL_EXPORTER_OTLP_HEADERS.replace('%20', space);
    const config = load({ ...pasted, OTEL_EXPORTER_OTLP_HEADERS: headers });
    assert.equal(config.route, 'direct');
    assert.equal(config.endpoint?.url, `${gateway}/v1/logs`);
    assert.deepEqual(config.endpoint.headers, { authorization: basic('123456:glc_token') });
    assert.deepEqual(config.notices, []);
  }
});

test('the route follows from what is set', () => {
  const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };
  const cases: [Record<string, string>, string, string][] = [
    [{ LOKI_URL: 'http://loki:3100/loki/api/v1/push' }, 'direct', 'LOKI_URL is set'],
    [{ GRAFANA_CLOUD_API_KEY: 'glc_x' }, 'direct', 'GRAFANA_CLOUD_API_KEY is set'],
    [{ GRAFANA_CLOUD_API_TOKEN: 'glc_x' }, 'direct', 'GRAFANA_CLOUD_API_TOKEN is set'],
    [{ ...cloud, ...alloy }, 'direct', 'GRAFANA_CLOUD_OTLP_ENDPOINT is set'],
    [alloy, 'alloy', 'ALLOY_OTLP_ENDPOINT is set'],
    [pasted, 'direct', 'OTEL_EXPORTER_OTLP_ENDPOINT is set'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' },
      'alloy',
      'OTEL_EXPORTER_OTLP_ENDPOINT is set',
    ],
    [
      { ...pasted, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://alloy:4318/v1/logs' },
      'alloy',
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is set',
    ],
    ...[
      'http://loki:3100/otlp/v1/logs',
      'loki.internal/otlp/',
      'http://loki:3100',
      'http://loki:3100/loki/api/v1/push',
    ].map((url): [Record<string, string>, string, string] => [
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: url },
      'direct',
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is set',
    ]),
    [{ ...cloud, LOG_ROUTE: 'none' }, 'none', 'LOG_ROUTE=none'],
    [{ ...cloud, LOG_ROUTE: 'alloy' }, 'alloy', 'LOG_ROUTE=alloy'],
    [{ ...cloud, OTEL_SDK_DISABLED: 'TRUE' }, 'none', 'OTEL_SDK_DISABLED=true'],
    [{ ...cloud, OTEL_SDK_DISABLED: '1' }, 'direct', 'GRAFANA_CLOUD_OTLP_ENDPOINT is set'],
    [{ ...cloud, OTEL_LOGS_EXPORTER: 'none' }, 'none', 'OTEL_LOGS_EXPORTER=none'],
    [{ ...cloud, OTEL_LOGS_EXPORTER: 'console' }, 'none', 'OTEL_LOGS_EXPORTER=console'],
    [
      { ...cloud, OTEL_LOGS_EXPORTER: 'console,otlp' },
      'direct',
      'GRAFANA_CLOUD_OTLP_ENDPOINT is set',
    ],
    [{ ...cloud, LOG_ROUTE: '' }, 'direct', 'GRAFANA_CLOUD_OTLP_ENDPOINT is set'],
    [{ ...cloud, LOG_ROUTE: '""' }, 'direct', 'GRAFANA_CLOUD_OTLP_ENDPOINT is set'],
    [{ ...cloud, LOG_ROUTE: 'grafana' }, 'none', 'LOG_ROUTE names no route'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp-gateway-<zone>.grafana.net/otlp' },
      'none',
      'no address in OTEL_EXPORTER_OTLP_ENDPOINT',
    ],
  ];
  for (const [env, route, reason] of cases) {
    const config = load(env);
    assert.deepEqual([config.route, config.routeReason], [route, reason], JSON.stringify(env));
  }
});

test('code beats the environment, but never OTEL_SDK_DISABLED', () => {
  assert.equal(load({ LOG_ROUTE: 'direct' }, { route: 'none' }).route, 'none');
  assert.equal(load({ OTEL_LOGS_EXPORTER: 'none' }, { route: 'alloy' }).route, 'alloy');
  assert.equal(load({ OTEL_SDK_DISABLED: 'true' }, { route: 'alloy' }).route, 'none');
  const env = {
    LOG_LEVEL: 'error',
    LOG_CONSOLE: 'off',
    LOG_DURABILITY: 'memory',
    LOG_SPOOL_MAX_BYTES: '64MiB',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '3000',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_ATTRIBUTE_COUNT_LIMIT: '7',
    OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '8',
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '9',
  };
  const fromEnv = load(env);
  assert.deepEqual(fromEnv.logger, { level: 'error', console: 'off' });
  assert.deepEqual([fromEnv.spool.durability, fromEnv.spool.maxBytes], ['memory', 67_108_864]);
  assert.deepEqual([fromEnv.timeoutMs, fromEnv.compression], [3000, 'none']);
  assert.deepEqual(fromEnv.limits, { attributeCount: 8, attributeValueLength: 9 });
  const fromCode = load(env, {
    ...{ level: 'debug', console: 'json', durability: 'record', spoolMaxBytes: 2 ** 21 },
    ...{
      timeoutMs: 500,
      compression: 'gzip',
      attributeCountLimit: 5,
      attributeValueLengthLimit: 6,
    },
  });
  assert.deepEqual(fromCode.logger, { level: 'debug', console: 'json' });
  assert.deepEqual([fromCode.spool.durability, fromCode.spool.maxBytes], ['record', 2 ** 21]);
  assert.deepEqual([fromCode.timeoutMs, fromCode.compression], [500, 'gzip']);
  assert.deepEqual(fromCode.limits, { attributeCount: 5, attributeValueLength: 6 });
});

test('LOG_ROUTE alone switches between the routes, each with its own credentials', () => {
  const env = {
    ...cloud,
    ALLOY_OTLP_ENDPOINT: 'http://alloy:4318',
    ALLOY_OTLP_HEADERS: 'X-Key=alloy-secret',
  };
  const direct = load({ ...env, LOG_ROUTE: 'direct' });
  const alloy = load({ ...env, LOG_ROUTE: 'alloy' });
  assert.equal(direct.endpoint?.url, `${gateway}/v1/logs`);
  assert.equal(alloy.endpoint?.url, 'http://alloy:4318/v1/logs');
  assert.deepEqual(alloy.endpoint.headers, { 'x-key': 'alloy-secret' });
  assert.doesNotMatch(JSON.stringify(direct.endpoint), /alloy/);
  assert.deepEqual([...direct.notices, ...alloy.notices], []);
});

test('a standard endpoint on Grafana Cloud never serves alloy, whose default is this machine', () => {
  const config = load({ ...pasted, LOG_ROUTE: 'alloy' });
  assert.equal(config.endpoint?.url, 'http://localhost:4318/v1/logs');
  assert.deepEqual(config.endpoint.headers, {});
  const refused = load({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: gateway });
  assert.equal(refused.endpoint, undefined);
  assert.match(refused.problems.join(), /ALLOY_OTLP_ENDPOINT names a host of Grafana Cloud/);
});

test('any other standard endpoint serves the route that is chosen', () => {
  for (const route of ['direct', 'alloy'] as const) {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://loki.internal:4000/otlp',
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Scope-OrgID=team',
    };
    const config = load(env, { route });
    assert.equal(config.endpoint?.url, 'http://loki.internal:4000/otlp/v1/logs');
    assert.deepEqual(config.endpoint.headers, { 'x-scope-orgid': 'team' });
    const told = config.notices.map(({ code }) => code);
    assert.deepEqual(told, route === 'alloy' ? ['OTEL_SETUP_PAST_ALLOY'] : []);
  }
  const beside = load({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://loki.internal:4000/otlp',
    ALLOY_OTLP_ENDPOINT: 'http://alloy:4318',
    LOG_ROUTE: 'alloy',
  });
  assert.deepEqual([beside.endpoint?.url, beside.notices], ['http://alloy:4318/v1/logs', []]);
});

test('headers of the general endpoint do not follow logs to another server', () => {
  const config = load({
    ...pasted,
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/general.pem',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://alloy:4318/v1/logs',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x=y',
  });
  assert.equal(config.endpoint?.url, 'http://alloy:4318/v1/logs');
  assert.deepEqual(config.endpoint.headers, { x: 'y' });
  assert.equal(config.endpoint.certificate, undefined);
});

test('an endpoint in code travels without the headers of the environment', () => {
  const env = { ...pasted, ALLOY_OTLP_HEADERS: 'x=secret' };
  const general = load(env, { route: 'alloy', endpoint: 'http://mine:4318', headers: { A: 'b' } });
  assert.equal(general.endpoint?.url, 'http://mine:4318/v1/logs');
  assert.deepEqual(general.endpoint.headers, { a: 'b' });
  const alloy = load(env, { alloy: { endpoint: 'http://mine:4318' } });
  assert.deepEqual([alloy.route, alloy.endpoint?.headers], ['alloy', {}]);
  assert.match(alloy.notices.map(({ message }) => message).join(), /ALLOY_OTLP_HEADERS/);
  const elsewhere = load(cloud, { grafanaCloud: { endpoint: 'https://loki.example.com/otlp' } });
  assert.deepEqual(elsewhere.endpoint?.headers, {});
});

test("grafanaCloud's fields come from code and environment one by one", () => {
  const config = load(
    { GRAFANA_CLOUD_API_KEY: 'glc_token' },
    { grafanaCloud: { endpoint: gateway, instanceId: 42 } },
  );
  assert.deepEqual(config.endpoint?.headers, { authorization: basic('42:glc_token') });
  assert.deepEqual(config.problems, []);
});

test('certificates travel with their endpoint, and serve a route of its own where no other claims them', () => {
  const certificates = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
    OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: '/key.pem',
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert.pem',
  };
  const alloy = { ALLOY_OTLP_ENDPOINT: 'https://alloy:4318' };
  const served = load({ ...certificates, ...alloy }).endpoint;
  assert.deepEqual(
    [served?.certificate, served?.clientKey, served?.clientCertificate],
    ['/ca.pem', '/key.pem', '/cert.pem'],
  );
  const claimed = load({
    ...certificates,
    ...alloy,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c:4318',
  });
  assert.equal(claimed.endpoint?.certificate, undefined);
  const code = load({ ...certificates, ...alloy }, { certificate: '/mine.pem' }).endpoint;
  assert.deepEqual([code?.certificate, code?.clientKey], ['/mine.pem', undefined]);
  // As they were meant when the process started, wherever it goes.
  const relative = loadConfig({ certificate: 'mine.pem' }, fakeHost(alloy, { cwd: () => '/app' }));
  assert.equal(relative.endpoint?.certificate, '/app/mine.pem');
  const half = load({ ...alloy, OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem' });
  assert.match(half.problems.join(), /client's certificate is missing/);
});

test('LOKI_URL leads to the OTLP endpoint of the same Loki, and names its successors', () => {
  const config = load({
    LOKI_URL: 'https://logs-prod-012.grafana.net/loki/api/v1/push',
    LOKI_AUTH: '77:glc_x',
  });
  assert.equal(config.endpoint?.url, 'https://logs-prod-012.grafana.net/otlp/v1/logs');
  assert.deepEqual(config.endpoint.headers, { authorization: basic('77:glc_x') });
  assert.deepEqual(config.problems, []);
  assert.match(config.notices[0]?.message ?? '', /GRAFANA_CLOUD_OTLP_ENDPOINT/);
  const own = load({ LOKI_URL: 'http://loki:3100' });
  assert.equal(own.endpoint?.url, 'http://loki:3100/otlp/v1/logs');
  assert.match(own.notices[0]?.message ?? '', /OTEL_EXPORTER_OTLP_LOGS_ENDPOINT/);
  assert.equal(
    load({ ...cloud, LOKI_URL: 'http://loki:3100' }).endpoint?.url,
    `${gateway}/v1/logs`,
  );
});

test('LOKI_URL is read in every form that its libraries take, with one notice', () => {
  const push = '/loki/api/v1/push';
  const forms = [
    [`http://u:p%40ss@loki:3100${push}`, 'http://loki:3100/otlp/v1/logs', 'u:p@ss'],
    [`http://loki:3100${push}/`, 'http://loki:3100/otlp/v1/logs'],
    ['http://loki:3100/', 'http://loki:3100/otlp/v1/logs'],
    [`http://proxy.lan/logs${push}`, 'http://proxy.lan/logs/otlp/v1/logs'],
    ['http://loki:3100/api/prom/push', 'http://loki:3100/otlp/v1/logs'],
    ['http://loki:3100/otlp', 'http://loki:3100/otlp/v1/logs'],
    [
      `https://77:glc_x@logs-prod-012.grafana.net${push}`,
      'https://logs-prod-012.grafana.net/otlp/v1/logs',
      '77:glc_x',
    ],
  ] as const;
  for (const [url, endpoint, pair] of forms) {
    const config = load({ LOKI_URL: url });
    assert.equal(config.route, 'direct');
    assert.equal(config.endpoint?.url, endpoint);
    const headers = pair === undefined ? {} : { authorization: basic(pair) };
    assert.deepEqual(config.endpoint.headers, headers, url);
    assert.deepEqual(
      config.notices.map(({ code }) => code),
      ['OTEL_SETUP_LOKI_MIGRATION'],
    );
    assert.deepEqual(config.problems, []);
  }
  const auth = { LOKI_URL: `http://u:p@loki:3100${push}`, LOKI_AUTH: 'v:q' };
  assert.equal(load(auth).endpoint?.headers.authorization, basic('v:q'));
});

test('the successors of LOKI_URL lead to the same Loki as it does', () => {
  const successors = {
    LOG_ROUTE: 'direct',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://loki:3100/otlp/v1/logs',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: `Authorization=Basic%20${basic('u:p').slice(6)}`,
  };
  const then = load({ LOKI_URL: 'http://u:p@loki:3100/loki/api/v1/push' });
  const now = load(successors);
  assert.deepEqual(
    [now.route, now.endpoint?.url, now.endpoint?.headers],
    [then.route, then.endpoint?.url, then.endpoint?.headers],
  );
  assert.deepEqual(now.notices, []);
});

test('only the protocol variable for logs chooses the upstream pipeline', () => {
  const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };
  const forLogs = load({
    ...alloy,
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_BLRP_MAX_QUEUE_SIZE: '9',
    OTEL_BLRP_SCHEDULE_DELAY: '0',
    OTEL_BLRP_EXPORT_TIMEOUT: 'soon',
  });
  assert.equal(forLogs.pipeline, 'reference');
  assert.deepEqual(forLogs.batchProcessor, { scheduledDelayMillis: 0, maxQueueSize: 9 });
  assert.deepEqual(
    forLogs.notices.map(({ code }) => code),
    ['OTEL_SETUP_CONFIG', 'OTEL_SETUP_REFERENCE_PIPELINE'],
  );
  const general = load({ ...alloy, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  assert.equal(general.pipeline, 'spool');
  assert.deepEqual(
    general.notices.map(({ code, level }) => [code, level]),
    [['OTEL_SETUP_PROTOCOL', 'info']],
  );
});

test('the console is pretty on a terminal only', () => {
  const terminal = loadConfig({}, fakeHost({}, { isTerminal: true }));
  assert.equal(terminal.logger.console, 'pretty');
  assert.equal(
    loadConfig({}, fakeHost({ LOG_CONSOLE: 'JSON' }, { isTerminal: true })).logger.console,
    'json',
  );
});

test('OTEL_LOG_LEVEL says which notices are printed', () => {
  for (const [value, level] of [
    ...[
      ['DEBUG', 'debug'],
      ['verbose', 'debug'],
      ['ALL', 'debug'],
      ['NONE', 'none'],
    ],
    ...[
      ['error', 'error'],
      ['', 'info'],
      ['loud', 'info'],
    ],
  ]) {
    assert.equal(load({ OTEL_LOG_LEVEL: value ?? '' }).noticeLevel, level, value);
  }
});

test('proxies are read in both cases, lower case first, and one that nobody can read is never gone around', () => {
  const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };
  const { proxy } = load({
    ...alloy,
    HTTPS_PROXY: 'http://u:p@proxy:3128',
    HTTP_PROXY: 'upper:1',
    http_proxy: 'lower:2',
    no_proxy: '.internal',
  });
  assert.deepEqual(proxy, {
    http: 'http://lower:2/',
    https: 'http://u:p@proxy:3128/',
    no: '.internal',
  });
  for (const bad of [
    'socks5://proxy:1',
    'http://',
    'ht tp://x',
    'htp:/proxy:1',
    'http:/proxy:1',
    'http://169.254.1.1',
  ]) {
    const config = load({ ...alloy, HTTP_PROXY: bad });
    assert.match(config.proxy.http ?? '', /^http:\/\/[^/]+\.invalid:1$/, bad);
    assert.match(config.problems.join(), /^HTTP_PROXY must be/);
  }
  assert.equal(load({ ...alloy, HTTP_PROXY: 'x:1', REQUEST_METHOD: 'GET' }).proxy.http, undefined);
  assert.deepEqual(load({ HTTP_PROXY: 'socks5://x' }).problems, []);
});
