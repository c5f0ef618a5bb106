import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inboxEnvironment, realRoutes, withResource } from './environment.ts';

const inboxes = { direct: 'http://127.0.0.1:1', alloy: 'http://127.0.0.1:2' };

test('an empty environment names no real route', () => {
  assert.deepEqual(realRoutes({}), {});
});

test('complete Grafana Cloud settings name the direct route, incomplete ones none', () => {
  const complete = {
    GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp',
    GRAFANA_CLOUD_INSTANCE_ID: '1',
    GRAFANA_CLOUD_API_TOKEN: 'x',
  };
  assert.deepEqual(realRoutes(complete), { direct: 'GRAFANA_CLOUD_OTLP_ENDPOINT' });
  assert.deepEqual(realRoutes({ ...complete, GRAFANA_CLOUD_API_TOKEN: undefined }), {});
});

test('an Alloy endpoint names the Alloy route, also beside Grafana Cloud settings', () => {
  assert.deepEqual(realRoutes({ ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' }), {
    alloy: 'ALLOY_OTLP_ENDPOINT',
  });
});

test('a standard endpoint names the route that its host serves', () => {
  const cloud = 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp';
  const name = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  assert.deepEqual(realRoutes({ [name]: cloud, LOG_ROUTE: 'alloy' }), { direct: name });
  assert.deepEqual(realRoutes({ [name]: 'http://alloy:4318' }), { alloy: name });
  const own = { [name]: 'http://loki:3100/otlp', LOG_ROUTE: 'direct' };
  assert.deepEqual(realRoutes(own), { direct: name });
});

test('the environment for the inboxes keeps no endpoint, credential or proxy of the user', () => {
  const mine = {
    PATH: '/bin',
    LOG_LEVEL: 'warn',
    LOG_ROUTE: 'alloy',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20mine',
    LOKI_AUTH: 'mine',
    GRAFANA_CLOUD_API_TOKEN: 'mine',
    HTTPS_PROXY: 'http://mine',
    https_proxy: 'http://mine',
  };
  const env = inboxEnvironment(mine, inboxes);
  assert.equal(env.PATH, '/bin');
  assert.equal(env.LOG_LEVEL, 'warn');
  assert.equal(env.LOG_ROUTE, undefined);
  assert.ok(!JSON.stringify(env).includes('mine'));
  assert.equal(env.GRAFANA_CLOUD_OTLP_ENDPOINT, 'http://127.0.0.1:1/otlp');
  assert.equal(env.ALLOY_OTLP_ENDPOINT, 'http://127.0.0.1:2');
});

test('resource attributes are added behind the ones that are there, percent-encoded', () => {
  const env = withResource({ OTEL_RESOURCE_ATTRIBUTES: 'team=web' }, { 'smoke.run': 'a,b=c' });
  assert.equal(env.OTEL_RESOURCE_ATTRIBUTES, 'team=web,smoke.run=a%2Cb%3Dc');
});
