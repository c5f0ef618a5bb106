import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';
import { isOneEditAway } from './misspelt.ts';
import { variableNames } from './variables.ts';

const load = (env: Record<string, string>) => loadConfig({}, fakeHost(env));
const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };

test('a name one letter away from ours is told, once for all', () => {
  const { notices } = load({
    ...{
      LOG_ROUT: 'direct',
      GRAFANA_CLOUD_APIKEY: 'secret',
      LOKI_URI: 'x',
      ALOLY_OTLP_ENDPOINT: 'x',
    },
    ...{ otel_service_name: 'x', PATH: '/bin', LOG_FILE: 'x', OTEL_TRACES_EXPORTER: 'none' },
  });
  assert.equal(notices.length, 1);
  assert.equal(notices[0]?.code, 'OTEL_SETUP_MISSPELT');
  assert.equal(
    notices[0].message,
    'Not read, and perhaps misspelt: LOG_ROUT (LOG_ROUTE?), GRAFANA_CLOUD_APIKEY (GRAFANA_CLOUD_API_KEY?), ' +
      'LOKI_URI (LOKI_URL?), ALOLY_OTLP_ENDPOINT (ALLOY_OTLP_ENDPOINT?), otel_service_name (OTEL_SERVICE_NAME?).',
  );
  assert.deepEqual(load({ LOG_ROUT: 'x', LOG_ROUTE: 'none' }).notices, []);
});

test('no two variables of ours are so near that one would be taken for the other', () => {
  for (const a of variableNames) {
    for (const b of variableNames) assert.equal(isOneEditAway(a, b), false, `${a} ${b}`);
  }
});

test('one edit is one letter more, less, other or swapped with its neighbour', () => {
  const word = fc.string({ minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (text, at, letter) => {
      const i = at % text.length;
      const edits = [
        text.slice(0, i) + letter + text.slice(i),
        text.slice(0, i) + text.slice(i + 1),
        text.slice(0, i) + letter + text.slice(i + 1),
        text.slice(0, i) + (text[i + 1] ?? '') + (text[i] ?? '') + text.slice(i + 2),
      ];
      for (const edit of edits) assert.equal(isOneEditAway(text, edit), edit !== text);
      const far = `${text}${letter}${letter}`;
      assert.equal(isOneEditAway(text, far), false);
    }),
  );
});

test('what is set without effect is named once when it looks like a mistake', () => {
  for (const [env, named] of [
    [{ ...alloy, OTEL_BLRP_MAX_QUEUE_SIZE: '9' }, /OTEL_BLRP_MAX_QUEUE_SIZE/],
    [
      { ...alloy, OTEL_EXPORTER_OTLP_HEADERS: 'a=secret' },
      /OTEL_EXPORTER_OTLP_HEADERS \(it belongs/,
    ],
    [{ ...alloy, LOKI_AUTH: 'u:secret' }, /LOKI_AUTH \(it belongs to LOKI_URL/],
    [
      { ...alloy, LOKI_URL: 'http://loki:3100' },
      /ALLOY_OTLP_ENDPOINT \(the route is direct because/,
    ],
    [{ ...alloy, LOG_DURABILITY: 'memory', LOG_SPOOL_DIR: '/x' }, /LOG_SPOOL_DIR \(LOG_DURABILITY/],
  ] as const) {
    const unused = load(env).notices.filter(({ code }) => code === 'OTEL_SETUP_UNUSED');
    assert.equal(unused.length, 1);
    assert.match(unused[0]?.message ?? '', named);
  }
  const exporter = load({ LOG_ROUTE: 'alloy', OTEL_LOGS_EXPORTER: 'none' });
  assert.match(exporter.notices[0]?.message ?? '', /^LOG_ROUTE=alloy is not used/);
});

test('what serves the other route, or nothing while there is no route, is no mistake', () => {
  for (const env of [
    { ...alloy, LOG_ROUTE: 'alloy', GRAFANA_CLOUD_API_KEY: 'glc_x' },
    {
      ...alloy,
      LOG_ROUTE: 'alloy',
      LOKI_URL: 'http://loki:3100',
      GRAFANA_CLOUD_INSTANCE_ID: 'bad',
    },
    { LOG_ROUTE: 'none', OTEL_BLRP_MAX_QUEUE_SIZE: '9', LOKI_AUTH: 'x', HTTPS_PROXY: 'socks5://x' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  ]) {
    assert.deepEqual(load(env).notices, [], JSON.stringify(env));
  }
});

test('a time-out that was meant in seconds is told', () => {
  const { notices, timeoutMs } = load({ OTEL_EXPORTER_OTLP_TIMEOUT: '10' });
  assert.equal(timeoutMs, 10);
  assert.match(
    notices[0]?.message ?? '',
    /^OTEL_EXPORTER_OTLP_TIMEOUT is in milliseconds.* 10000\.$/,
  );
});

test('a choice is taken as meant, with a notice, and never guessed beyond one letter', () => {
  for (const [name, value, meant] of [
    ['LOG_ROUTE', 'ALLOY', '"alloy"'],
    ['LOG_ROUTE', 'off', '"none"'],
    ['LOG_LEVEL', 'WARNING', '"warn"'],
    ['LOG_CONSOLE', 'none', '"off"'],
    ['LOG_DURABILITY', 'records', '"record"'],
  ] as const) {
    const { notices } = load({ [name]: value });
    const [notice, ...rest] = notices.filter(({ code }) => code === 'OTEL_SETUP_VALUE_REPAIRED');
    assert.ok(notice?.message.endsWith(`taken as ${meant}.`), value);
    assert.deepEqual(rest, []);
  }
  assert.deepEqual(load({ LOG_ROUTE: 'allow' }).problems, [
    'LOG_ROUTE must be "direct", "alloy" or "none", got "allow". Did you mean "alloy"?',
  ]);
  assert.deepEqual(load({ LOG_ROUTE: 'both' }).problems, [
    'LOG_ROUTE must be "direct", "alloy" or "none", got "both".',
  ]);
});

test('what keeps an application silent on purpose is told, where a route is named', () => {
  const codes = (env: Record<string, string>) => load(env).notices.map(({ code }) => code);
  assert.deepEqual(codes({ OTEL_SDK_DISABLED: 'true' }), []);
  assert.deepEqual(codes({ ...alloy, OTEL_SDK_DISABLED: 'true' }), ['OTEL_SETUP_DISABLED']);
  assert.deepEqual(codes({ LOG_LEVEL: 'error' }), []);
  assert.deepEqual(codes({ ...alloy, LOG_LEVEL: 'error' }), ['OTEL_SETUP_LEVEL']);
  assert.deepEqual(codes({ ...alloy, LOG_LEVEL: 'debug' }), []);
});
