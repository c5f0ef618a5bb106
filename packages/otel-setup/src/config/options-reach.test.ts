import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigOptions } from './config-options.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';

/** One of each, other than its default; the compiler asks for those that are missing. */
const samples: { readonly [K in keyof Required<ConfigOptions>]: ConfigOptions } = {
  route: { route: 'none' },
  serviceName: { serviceName: 'x' },
  serviceVersion: { serviceVersion: 'x' },
  serviceNamespace: { serviceNamespace: 'x' },
  environment: { environment: 'x' },
  resourceAttributes: { resourceAttributes: { x: 1 } },
  endpoint: { endpoint: 'http://x:1' },
  headers: { endpoint: 'http://localhost:4318', headers: { x: 'y' } },
  grafanaCloud: {
    route: 'direct',
    grafanaCloud: {
      endpoint: 'https://otlp-gateway-x.grafana.net/otlp',
      instanceId: 1,
      apiKey: 'glc_x',
    },
  },
  alloy: { alloy: { endpoint: 'http://x:1' } },
  certificate: { certificate: '/x' },
  clientKey: { clientKey: '/x', clientCertificate: '/y' },
  clientCertificate: { clientKey: '/x', clientCertificate: '/y' },
  timeoutMs: { timeoutMs: 1234 },
  compression: { compression: 'none' },
  level: { level: 'debug' },
  console: { console: 'off' },
  durability: { durability: 'memory' },
  spoolDir: { spoolDir: '/x' },
  spoolMaxBytes: { spoolMaxBytes: 2 ** 21 },
  attributeCountLimit: { attributeCountLimit: 3 },
  attributeValueLengthLimit: { attributeValueLengthLimit: 3 },
  severityMapping: { severityMapping: { audit: 9 } },
  redaction: { redaction: false },
  processing: { processing: { rules: [{ drop: { body: 'x' } }] } },
  baggageKeys: { baggageKeys: ['x'] },
};

test('each option reaches the configuration', () => {
  const load = (options: ConfigOptions) => {
    const { resource, ...rest } = loadConfig({ route: 'alloy', ...options }, fakeHost());
    const { 'service.instance.id': _id, ...attributes } = resource;
    return JSON.stringify({ ...rest, attributes });
  };
  const without = load({});
  const ignored = Object.entries(samples).filter(([, options]) => load(options) === without);
  assert.deepEqual(
    ignored.map(([name]) => name),
    [],
  );
});
