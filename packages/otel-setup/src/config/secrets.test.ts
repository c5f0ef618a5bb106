import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../errors.ts';
import type { ConfigOptions } from './config-options.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';
import { variables } from './variables.ts';

const marker = 'MARKER5ecret';
const encoded = Buffer.from(`1:${marker}`).toString('base64');
const gateway = 'https://otlp-gateway-x.grafana.net/otlp';

/** A secret in every shape in which people paste it into the wrong, or the right, place. */
const shapes = [
  marker,
  `glc_${marker}`,
  `glsa_${marker}`,
  `${marker}\r\nx`,
  `${marker}\0`,
  `"${marker}`,
  `user:${marker}`,
  `user:${marker}@host`,
  `http://user:${marker}@logs.example.com/x?${marker}`,
  `http://user:${marker}@alloy:4317/${marker}/v1/logs/v1/logs?k=${marker}`,
  `https://stack.grafana.net/${marker}`,
  `file:///${marker}`,
  `http://alloy:${marker}`,
  `socks5://user:${marker}@proxy`,
  `Authorization=Basic ${marker}`,
  `Authorization=Basic%20${encoded}`,
  `Authorization: ${marker}`,
  `Authorization=Basic ${encoded}%0d%0a`,
  `glc_${marker}==`,
  `host=${marker}`,
  `x y=${marker}`,
  `x=${marker}%00`,
  `GRAFANA_CLOUD_API_KEY=${marker}`,
  `$${marker}`,
];

const secretNames = [
  ...variables.filter(({ secret, kind }) => secret || kind === 'url').flatMap(({ names }) => names),
  ...[
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'https_proxy',
    'http_proxy',
    'GRAFANA_CLOUD_APIKEY',
    'LOKI_AUHT',
  ],
];

const settings = [
  { LOG_ROUTE: 'direct' },
  { LOG_ROUTE: 'alloy' },
  {},
  { GRAFANA_CLOUD_OTLP_ENDPOINT: gateway, GRAFANA_CLOUD_INSTANCE_ID: '1' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: gateway },
  { LOKI_URL: 'http://logs.example.com/loki/api/v1/push' },
];

test('no secret in any variable reaches a notice or a problem', () => {
  let told = 0;
  for (const setting of settings) {
    for (const name of secretNames) {
      for (const shape of shapes) {
        const { notices, problems } = loadConfig({}, fakeHost({ ...setting, [name]: shape }));
        const text = JSON.stringify([notices, problems]).toLowerCase();
        assert.equal(text.includes(marker.toLowerCase()), false, `${name}=${shape}\n${text}`);
        assert.equal(text.includes(encoded.toLowerCase()), false, `${name}=${shape}\n${text}`);
        told += notices.length;
      }
    }
  }
  assert.ok(told > 500, `only ${told} notices: nothing was tried`);
});

test('no secret in any option reaches a ConfigError', () => {
  let thrown = 0;
  const places: ((text: string) => unknown)[] = [
    (text) => ({
      route: 'direct',
      grafanaCloud: { endpoint: gateway, instanceId: '1', apiKey: text },
    }),
    (text) => ({
      route: 'direct',
      grafanaCloud: { endpoint: text, instanceId: text, apiKey: [text] },
    }),
    (text) => ({ route: 'alloy', endpoint: text, headers: { a: text } }),
    (text) => ({
      route: 'alloy',
      alloy: { endpoint: text, headers: { [text]: text, host: text } },
    }),
    (text) => ({ route: 'alloy', endpoint: 'http://logs.example.com', headers: { a: text } }),
    (text) => ({ headers: { a: text }, unknown: text }),
  ];
  for (const place of places) {
    for (const shape of shapes) {
      const text = outcome(place(shape) as ConfigOptions);
      assert.equal(text.toLowerCase().includes(marker.toLowerCase()), false, `${shape}\n${text}`);
      if (text.startsWith('thrown')) thrown += 1;
    }
  }
  assert.ok(thrown > 50, `only ${thrown} thrown: nothing was tried`);
});

function outcome(options: ConfigOptions): string {
  try {
    const { notices, problems } = loadConfig(options, fakeHost());
    return JSON.stringify([notices, problems]);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return `thrown ${error.stack} ${JSON.stringify(error)}`;
  }
}
