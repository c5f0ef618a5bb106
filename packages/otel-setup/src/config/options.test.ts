import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../errors.ts';
import type { ConfigOptions } from './config-options.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';
import { variableNames } from './variables.ts';

function problemsOf(options: unknown): readonly string[] {
  try {
    loadConfig(options as ConfigOptions, fakeHost());
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

test('every wrong option is told at once, with expectation and what was found', () => {
  const problems = problemsOf({
    route: 'allow',
    serviceName: 7,
    headers: { a: 1 },
    timeoutMs: '10s',
    compression: 'zstd',
    level: 'loud',
    console: null,
    spoolMaxBytes: 512,
    attributeCountLimit: -1,
    resourceAttributes: { a: { nested: true }, b: Number.NaN, c: 'right' },
    grafanaCloud: { instanceid: '1', apiKey: 5 },
    alloy: 'http://alloy:4318',
    servicename: 'x',
    compresion: 'gzip',
    nonsense: true,
  });
  const expected = [
    /^option route must be "direct", "alloy" or "none", got "allow"\.$/,
    /^option serviceName must be a string, got number\.$/,
    /^option headers must hold strings only, got number\.$/,
    /^option timeoutMs must be a whole number from 1 to 2147483647, got string\.$/,
    /^option compression must be "gzip" or "none", got "zstd"\.$/,
    /^option level must be .*"silly", got "loud"\.$/,
    /^option console must be .*, got null\.$/,
    /^option spoolMaxBytes must be a whole number from 1048576 .*, got 512\.$/,
    /^option attributeCountLimit must be a whole number from 0 .*, got -1\.$/,
    /^option resourceAttributes\["a"\] must be a string, number, boolean or .*, got object\.$/,
    /^option resourceAttributes\["b"\] must be .*, got number\.$/,
    /^option grafanaCloud\.instanceid is unknown\. "instanceId" is meant\?$/,
    /^option grafanaCloud\.apiKey must be a string, got number\.$/,
    /^option alloy must be an object, got string\.$/,
    /^option servicename is unknown\. "serviceName" is meant\?$/,
    /^option compresion is unknown\. "compression" is meant\?$/,
    /^option nonsense is unknown\. Known are: route, /,
  ];
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? '', pattern);
});

test('a wrong severity or baggage key is named, a right one is taken', () => {
  const severityMapping = { audit: 'notice', a: 0, b: 25, c: 9.5, d: null, e: 'warn', f: 24 };
  const expected =
    '"trace", "debug", "info", "warn", "error", "fatal" or a whole number from 1 to 24';
  assert.deepEqual(problemsOf({ severityMapping, baggageKeys: ['tenant.id', ''] }), [
    `option severityMapping["audit"] must be ${expected}, got "notice".`,
    `option severityMapping["a"] must be ${expected}, got 0.`,
    `option severityMapping["b"] must be ${expected}, got 25.`,
    `option severityMapping["c"] must be ${expected}, got 9.5.`,
    `option severityMapping["d"] must be ${expected}, got null.`,
    'option baggageKeys must hold keys only, got an empty one.',
  ]);
  assert.deepEqual(problemsOf({ severityMapping: [], baggageKeys: 'tenant.id' }), [
    'option severityMapping must be an object, got an array.',
    'option baggageKeys must be an array of keys, got string.',
  ]);
  const right = { severityMapping: { audit: 'warn', loud: 20 }, baggageKeys: ['a'] } as const;
  const { severities, baggageKeys } = loadConfig(right, fakeHost());
  assert.deepEqual([severities, baggageKeys], [{ audit: 13, loud: 20 }, ['a']]);
});

test('options that belong together are asked for together', () => {
  assert.match(problemsOf({ headers: { a: 'b' } }).join(), /needs option endpoint/);
  assert.match(problemsOf({ clientKey: '/k' }).join(), /work only together/);
  assert.deepEqual(problemsOf({ clientKey: '/k', clientCertificate: '/c' }), []);
});

test('a header that cannot travel is a wrong option', () => {
  const options = {
    route: 'alloy',
    endpoint: 'http://alloy:4318',
    headers: { host: 'x', a: 'b\nc' },
  };
  assert.match(
    problemsOf(options).join(),
    /option headers: .*entry 1 is "host".*entry 2 holds a line/,
  );
});

test('something else than an object is one problem', () => {
  for (const options of [null, 'alloy', 7, []]) {
    assert.match(problemsOf(options).join(), /^The options must be an object, got /);
  }
});

test('a Map or Headers where an object is meant is told, not taken for empty', () => {
  const options = {
    endpoint: 'http://127.0.0.1:9',
    headers: new Headers({ authorization: 'Basic eA==' }),
    resourceAttributes: new Map([['team', 'shop']]),
  };
  assert.deepEqual(problemsOf(options), [
    'option headers must be an object of strings, got Headers.',
    'option resourceAttributes must be an object, got Map.',
  ]);
});

test('undefined and empty options leave the field to the environment', () => {
  const host = fakeHost({ LOG_LEVEL: 'warn', ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' });
  const options = {
    ...{
      level: undefined,
      route: undefined,
      endpoint: '',
      serviceName: '',
      alloy: { endpoint: '' },
    },
    ...{ grafanaCloud: { endpoint: undefined, apiKey: '' } },
  };
  const config = loadConfig(options, host);
  assert.deepEqual([config.logger.level, config.route], ['warn', 'alloy']);
  assert.equal(config.resource['service.name'], 'unknown_service:node');
});

test('an environment that is wrong throughout never throws', () => {
  const names = ['LOG_ROUTE', 'LOG_LEVEL', 'LOG_CONSOLE', 'LOG_DURABILITY', 'LOG_SPOOL_MAX_BYTES'];
  const otel = ['SDK_DISABLED', 'LOGS_EXPORTER', 'LOG_LEVEL', 'BLRP_MAX_QUEUE_SIZE'];
  const all = [...names, ...otel.map((name) => `OTEL_${name}`), 'OTEL_EXPORTER_OTLP_TIMEOUT'];
  const config = loadConfig({}, fakeHost(Object.fromEntries(all.map((name) => [name, '?!']))));
  assert.equal(config.problems.length, all.length, config.problems.join('\n'));
  for (const name of all)
    assert.match(config.problems.join('\n'), new RegExp(`^${name} must be `, 'm'));
  const [first, ...rest] = config.notices;
  assert.equal(first?.code, 'OTEL_SETUP_CONFIG');
  for (const problem of config.problems) assert.ok(first.message.includes(problem));
  assert.match(first.message, /^10 problems: \(1\) [^\n]+ \(10\) OTEL_\w+ must be [^\n]+$/);
  assert.deepEqual(rest, []);
  assert.equal(config.route, 'none');
});

test('no text in any variable throws, and a secret header never leaves over plain http', () => {
  const pieces = [
    ...[
      'http://',
      'https://',
      'grpc://',
      'user:pass@',
      'alloy',
      'otlp-gateway-x.grafana.net',
      '[::1]',
    ],
    ...[
      ':4317',
      ':4318',
      '/otlp',
      '/v1/logs',
      '/loki/api/v1/push',
      'Authorization=',
      'Basic ',
      ',',
    ],
    ...[
      '"',
      "'",
      '\n',
      '\0',
      '%',
      '%0a',
      '=',
      'glc_x',
      '12',
      'direct',
      'alloy',
      'LOG_ROUTE=',
      '8.8.8.8',
    ],
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')),
  );
  const proxies = ['HTTP_PROXY', 'https_proxy', 'STATE_DIRECTORY', 'XDG_STATE_HOME'];
  const environment = fc.dictionary(fc.constantFrom(...variableNames, ...proxies), text);
  fc.assert(
    fc.property(environment, (env) => {
      const { endpoint, problems, notices } = loadConfig({}, fakeHost(env));
      assert.equal(problems.length > 0, notices[0]?.code === 'OTEL_SETUP_CONFIG');
      if (endpoint === undefined) return;
      const url = new URL(endpoint.url);
      assert.deepEqual([url.username, url.password, url.hash], ['', '', '']);
      const isOpen = url.protocol === 'http:' && /^[8.]+$|grafana\.net/.test(url.hostname);
      assert.ok(!isOpen || endpoint.headers.authorization === undefined);
    }),
    { numRuns: 500 },
  );
});
