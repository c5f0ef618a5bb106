// What is given to paste for the configuration: right as it stands, and never over a value that was.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEnv } from 'node:util';
import { Environment } from '../../config/environment.ts';
import { Findings } from '../../config/findings.ts';
import { fakeHost } from '../../config/host.test.ts';
import { loadConfig } from '../../config/load-config.ts';
import { checkConfiguration } from './check-configuration.ts';
import type { Examination } from './examination.ts';

type Env = Readonly<Record<string, string>>;

function pasted(env: Env, file?: string): readonly string[] {
  const host = fakeHost(env);
  const examination = {
    route: undefined,
    file: file === undefined ? undefined : { flag: '--env', path: file, env },
    host,
    env: new Environment(env, new Findings()),
    config: loadConfig({}, host),
  };
  const findings = checkConfiguration(examination as unknown as Examination);
  return [...new Set(findings.flatMap(({ paste = [] }) => paste))];
}

/** The environment after the lines were pasted into the shell. */
function after(env: Env, lines: readonly string[]): Env {
  const result = { ...env };
  for (const line of lines) {
    const [, removed] = /^unset (\w+)$/.exec(line) ?? [];
    if (removed !== undefined) delete result[removed];
    else Object.assign(result, parseEnv(line));
  }
  return result;
}

const cloud = {
  GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp',
  GRAFANA_CLOUD_INSTANCE_ID: '424242',
  GRAFANA_CLOUD_API_KEY: 'glc_x',
};
const alloy = { ALLOY_OTLP_ENDPOINT: 'http://alloy:4318' };
const loki = { LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://loki:3100' };

/** [environment, lines] */
const mends: readonly (readonly [Env, ...string[]])[] = [
  [{ ...alloy, LOG_ROUTE: 'allow' }, 'LOG_ROUTE=alloy'],
  [{ ...alloy, LOG_ROUTE: 'grafana' }, 'LOG_ROUTE=alloy'],
  [{ ...cloud, LOG_ROUTE: 'grafana' }, 'LOG_ROUTE=direct'],
  [{ ...cloud, ...alloy }, 'LOG_ROUTE=direct'],
  [{ LOG_ROUTE: 'alloy', OTEL_SDK_DISABLED: 'true' }, 'unset OTEL_SDK_DISABLED'],
  [{ ...cloud, OTEL_SDK_DISABLED: 'true' }, 'unset OTEL_SDK_DISABLED'],
  [{ ...alloy, LOG_LEVL: 'debug' }, 'LOG_LEVEL=debug'],
  [
    { LOG_ROUTE: 'alloy', ALOY_OTLP_ENDPOINT: 'http://a:4318' },
    'ALLOY_OTLP_ENDPOINT=http://a:4318',
  ],
  [{ ...alloy, LOG_LEVEL: 'debugg' }, 'LOG_LEVEL=debug'],
  [{ ...alloy, LOG_LEVEL: 'loud' }, 'LOG_LEVEL=info'],
  [{ ...alloy, LOG_LEVEL: 'error' }, 'LOG_LEVEL=info'],
  [{ ...alloy, LOG_SPOOL_DIR: '"/var/my spool"' }, "LOG_SPOOL_DIR='/var/my spool'"],
  [{ ...alloy, LOG_SPOOL_MAX_BYTES: 'much' }, 'LOG_SPOOL_MAX_BYTES=512MiB'],
  [
    { ...alloy, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: 'long' },
    'unset OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  ],
  [{ ...alloy, OTEL_EXPORTER_OTLP_TIMEOUT: '30' }, 'OTEL_EXPORTER_OTLP_TIMEOUT=30000'],
  [{ ...alloy, OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }, 'unset OTEL_EXPORTER_OTLP_HEADERS'],
  [
    { ...alloy, LOG_DURABILITY: 'memory', LOG_SPOOL_DIR: '/x', LOG_SPOOL_MAX_BYTES: '64MiB' },
    'unset LOG_SPOOL_DIR',
    'unset LOG_SPOOL_MAX_BYTES',
  ],
  [{ LOG_ROUTE: 'alloy', ...alloy, OTEL_LOGS_EXPORTER: 'none' }, 'unset OTEL_LOGS_EXPORTER'],
  [{ LOG_ROUTE: 'direct', ...alloy }, 'LOG_ROUTE=alloy'],
  [{ ...alloy, OTEL_LOGS_EXPORTER: 'loki' }, 'OTEL_LOGS_EXPORTER=otlp'],
  [{ ...cloud, NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'unset NODE_TLS_REJECT_UNAUTHORIZED'],
  [
    { ...alloy, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' },
    'unset OTEL_EXPORTER_OTLP_LOGS_PROTOCOL',
  ],
  [{ ...cloud, GRAFANA_CLOUD_API_TOKEN: 'glc_y' }, 'unset GRAFANA_CLOUD_API_TOKEN'],
  [loki, 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://loki:3100/otlp/v1/logs'],
  [
    { LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://loki:3100/loki/api/v1/push' },
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://loki:3100/otlp',
  ],
  [{ ALLOY_OTLP_ENDPOINT: 'alloy:4317' }, 'ALLOY_OTLP_ENDPOINT=http://alloy:4318'],
  [{ ALLOY_OTLP_ENDPOINT: 'ftp://alloy:4318' }, 'ALLOY_OTLP_ENDPOINT=http://alloy:4318'],
  [
    { ALLOY_OTLP_ENDPOINT: 'http://mon:3100/loki/api/v1/push' },
    'ALLOY_OTLP_ENDPOINT=http://mon:4318',
  ],
  [
    { ...cloud, GRAFANA_CLOUD_OTLP_ENDPOINT: 'http://logs.example.com/otlp' },
    'GRAFANA_CLOUD_OTLP_ENDPOINT=https://logs.example.com/otlp',
  ],
  [
    { ...alloy, OTEL_RESOURCE_ATTRIBUTES: 'team=a,b,share=50%' },
    'OTEL_RESOURCE_ATTRIBUTES=team=a%2Cb,share=50%25',
  ],
];

/** Values that only the user has. */
const placeholders: readonly (readonly [Env, ...string[]])[] = [
  [{ ...cloud, GRAFANA_CLOUD_API_KEY: '' }, "GRAFANA_CLOUD_API_KEY='<token glc_...>'"],
  [{ ...cloud, GRAFANA_CLOUD_API_KEY: 'glsa_x' }, "GRAFANA_CLOUD_API_KEY='<token glc_...>'"],
  [{ ...cloud, GRAFANA_CLOUD_INSTANCE_ID: 'mine' }, "GRAFANA_CLOUD_INSTANCE_ID='<instance id>'"],
  [
    { ...cloud, GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://mine.grafana.net' },
    "GRAFANA_CLOUD_OTLP_ENDPOINT='https://otlp-gateway-<zone>.grafana.net/otlp'",
  ],
  [
    { LOG_ROUTE: 'direct', GRAFANA_CLOUD_INSTANCE_ID: '424242', GRAFANA_CLOUD_API_KEY: 'glc_x' },
    "GRAFANA_CLOUD_OTLP_ENDPOINT='https://otlp-gateway-<zone>.grafana.net/otlp'",
  ],
  [
    {
      LOG_ROUTE: 'direct',
      OTEL_EXPORTER_OTLP_ENDPOINT: cloud.GRAFANA_CLOUD_OTLP_ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=a',
    },
    "GRAFANA_CLOUD_INSTANCE_ID='<instance id>'",
    "GRAFANA_CLOUD_API_KEY='<token glc_...>'",
  ],
  [{ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: 'https://hooks.example/a-key-of-20-letters?k=v' }],
];

describe('what is given to paste for the configuration', () => {
  for (const [env, ...lines] of mends) {
    const name = JSON.stringify(env);
    it(`mends ${name}`, () => {
      assert.deepEqual(pasted(env), lines);
      assert.deepEqual(pasted(after(env, lines)), [], 'something is left to be mended');
    });
  }

  for (const [env, ...lines] of placeholders) {
    it(`asks for what is missing in ${JSON.stringify(env)}`, () => {
      assert.deepEqual(pasted(env), lines);
    });
  }

  it('checks the rules of which one is wrong', () => {
    const env = { ...alloy, LOG_PROCESSING: '/etc/my rules.json' };
    assert.deepEqual(pasted(env), ["ls -l '/etc/my rules.json'"]);
    // A placeholder is no file that could be checked.
    assert.deepEqual(pasted({ ...alloy, LOG_PROCESSING: '<value>' }), [
      "LOG_PROCESSING='<path of a JSON file>'",
    ]);
  });

  it('takes a variable out of the file in which it stands', () => {
    assert.deepEqual(pasted({ ...cloud, OTEL_SDK_DISABLED: 'true' }, 'my.env'), [
      "sed -E -i.bak '/^(export )?OTEL_SDK_DISABLED=/d' my.env",
    ]);
    assert.deepEqual(pasted({}, 'my.env'), ['npx otel-setup env --route direct >> my.env']);
  });

  it('shows neither a password nor a path that may be a key', () => {
    const given = 'https://user:pass1@hooks.example:4317/a-key-of-20-letters-x?key=k2';
    const lines = pasted({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: given });
    assert.deepEqual(lines, [
      "ALLOY_OTLP_ENDPOINT='https://hooks.example:4318/<same path>?<same query>'",
      "ALLOY_OTLP_HEADERS='Authorization=Basic%20<base64 of user:password>'",
    ]);
  });
});
