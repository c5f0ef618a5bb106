import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from './config.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';

const gateway = 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const right = `Basic ${base64('123456:glc_token')}`;

function load(id: string, key: string, more: Record<string, string> = {}): Config {
  const env = {
    GRAFANA_CLOUD_OTLP_ENDPOINT: gateway,
    GRAFANA_CLOUD_INSTANCE_ID: id,
    GRAFANA_CLOUD_API_KEY: key,
    ...more,
  };
  return loadConfig({}, fakeHost(env));
}

function loadHeader(header: string): Config {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: gateway, OTEL_EXPORTER_OTLP_HEADERS: header };
  return loadConfig({}, fakeHost(env));
}

test('credentials are repaired with a notice where the intention is beyond doubt', () => {
  for (const [id, key, code] of [
    ['123456', 'glc_token\n', 'OTEL_SETUP_VALUE_REPAIRED'],
    ['123456', '  glc_token\r\n', 'OTEL_SETUP_VALUE_REPAIRED'],
    ['"123456"', 'glc_token', 'OTEL_SETUP_VALUE_REPAIRED'],
    ['123456', 'GRAFANA_CLOUD_API_KEY=glc_token', 'OTEL_SETUP_VALUE_REPAIRED'],
    ['glc_token', '123456', 'OTEL_SETUP_CREDENTIALS_REPAIRED'],
    ['', '123456:glc_token', 'OTEL_SETUP_CREDENTIALS_REPAIRED'],
    ['123456', base64('123456:glc_token'), 'OTEL_SETUP_CREDENTIALS_REPAIRED'],
    ['123456', `Basic ${base64('123456:glc_token')}`, 'OTEL_SETUP_CREDENTIALS_REPAIRED'],
  ] as const) {
    const config = load(id, key);
    assert.equal(config.endpoint?.headers.authorization, right, `${id} ${key}`);
    assert.deepEqual(
      config.notices.map((notice) => notice.code),
      [code],
      `${id} ${key}`,
    );
    assert.deepEqual(config.problems, []);
  }
});

test('credentials that cannot work are told, and the records wait in the spool', () => {
  for (const [id, key, text] of [
    ['123456', '', /^GRAFANA_CLOUD_API_KEY is missing/],
    ['', 'glc_token', /^GRAFANA_CLOUD_INSTANCE_ID is missing/],
    ['', '', /^GRAFANA_CLOUD_INSTANCE_ID and GRAFANA_CLOUD_API_KEY are missing/],
    ['mystack', 'glc_token', /INSTANCE_ID is not a number/],
    ['glc_token', 'glc_token', /INSTANCE_ID looks like a token/],
    ['123456', 'glsa_token', /service account token \(glsa_\)/],
    ['123456', 'glc_to\r\nken', /blanks, control or non-ASCII/],
    ['123456', 'glc_to\0ken', /blanks, control or non-ASCII/],
    ['123456', 'glc_tökén', /blanks, control or non-ASCII/],
    ['123456', '<token>', /placeholder/],
  ] as const) {
    const config = load(id, key);
    assert.notEqual(config.endpoint, undefined, key);
    assert.match(config.problems[0] ?? '', text);
    assert.equal(config.notices[0]?.code, 'OTEL_SETUP_CONFIG');
    if (key !== '') assert.equal(config.notices[0]?.message.includes(key), false);
  }
});

test('a placeholder is told once, and not as missing as well', () => {
  const url = 'https://otlp-gateway-<zone>.grafana.net/otlp';
  for (const [id, key, more, count] of [
    ['123456', '<token>', {}, 1],
    ['<instance id>', 'glc_token', {}, 1],
    ['<instance id>', '<token>', {}, 2],
    ['123456', 'glc_token', { GRAFANA_CLOUD_OTLP_ENDPOINT: url }, 1],
    ['<instance id>', '<token>', { GRAFANA_CLOUD_OTLP_ENDPOINT: url }, 3],
  ] as const) {
    const { problems } = load(id, key, more);
    assert.equal(problems.length, count, problems.join('\n'));
    for (const problem of problems) assert.match(problem, /placeholder/);
  }
});

test('two different tokens are told, two equal ones are not', () => {
  const differing = load('123456', 'glc_token', { GRAFANA_CLOUD_API_TOKEN: 'glc_other' });
  assert.match(differing.problems.join(), /both set and differ/);
  assert.equal(differing.endpoint?.headers.authorization, right);
  const equal = load('123456', 'glc_token', { GRAFANA_CLOUD_API_TOKEN: 'glc_token' });
  assert.deepEqual(equal.problems, []);
});

test('an Authorization header for Grafana Cloud is rebuilt where its meaning is plain', () => {
  for (const header of [
    'Authorization=Basic 123456:glc_token',
    `Authorization=${base64('123456:glc_token')}`,
    `Authorization=Basic%20${base64('123456:glc_token\n')}`,
    `Authorization="Basic ${base64('123456:glc_token')}"`,
  ]) {
    const config = loadHeader(header);
    assert.equal(config.endpoint?.headers.authorization, right, header);
    assert.deepEqual(
      config.notices.map(({ code }) => code),
      ['OTEL_SETUP_CREDENTIALS_REPAIRED'],
    );
  }
  for (const header of [`authorization: ${right}`, `AUTHORIZATION = ${right} `]) {
    assert.equal(loadHeader(header).endpoint?.headers.authorization, right);
    assert.deepEqual(loadHeader(header).problems, []);
  }
});

test('an Authorization header that Grafana Cloud will refuse is told', () => {
  for (const [header, text] of [
    ['Authorization=Basic%20xyz', /does not hold the base64/],
    ['Authorization=glc_token', /does not hold the base64/],
    [`Authorization=Basic ${base64('me:glc_token')}`, /must be the stack's OTLP instance id/],
    [`Authorization=Basic ${base64('1:glsa_token')}`, /service account token/],
    ['X-Other=1', /^Authorization is missing in OTEL_EXPORTER_OTLP_HEADERS/],
    ['', /^Authorization is missing in OTEL_EXPORTER_OTLP_HEADERS/],
  ] as const) {
    assert.match(loadHeader(header).problems.join(), text, header);
  }
  assert.deepEqual(loadHeader('Authorization=Bearer 1:glc_token').problems, []);
});

test('a standard endpoint on Grafana Cloud takes the pair of Grafana Cloud where it has no header', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: gateway,
    GRAFANA_CLOUD_INSTANCE_ID: '123456',
    GRAFANA_CLOUD_API_KEY: 'glc_token',
  };
  const config = loadConfig({}, fakeHost(env));
  assert.equal(config.endpoint?.headers.authorization, right);
  assert.equal(config.endpoint.settings.credentials, 'GRAFANA_CLOUD_API_KEY');
});
