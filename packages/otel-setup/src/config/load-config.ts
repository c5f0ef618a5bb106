// Strings in, one frozen and complete Config out. Code beats environment beats default, field by field.

import { ConfigError } from '../errors.ts';
import { severityTexts } from '../record/severity.ts';
import type { Config } from './config.ts';
import type { ConfigOptions } from './config-options.ts';
import { readEndpoint } from './endpoint.ts';
import { Environment } from './environment.ts';
import { Findings, type Setting } from './findings.ts';
import { hintMisspelt, hintSilence, hintUnused } from './hints.ts';
import type { Host } from './host.ts';
import { checkOptions } from './options.ts';
import { detectPlatform, isOnKubernetes } from './platform.ts';
import { readRules } from './processing.ts';
import { readPipeline } from './protocol.ts';
import { readProxy } from './proxy.ts';
import { buildResource } from './resource.ts';
import { chooseRoute } from './route.ts';
import { type Inputs, optionSetting } from './source.ts';
import { spoolRoots } from './spool-root.ts';

/**
 * Reads the whole configuration. Throws ConfigError with every problem of `given`; a wrong
 * environment is in `problems`, and in the first of `notices`.
 */
export function loadConfig(given: ConfigOptions, host: Host): Config {
  const findings = new Findings();
  const env = new Environment(host.env, findings);
  const options = checkOptions(given, findings);
  const inputs = { options, env, findings };
  const { route, reason: routeReason } = chooseRoute(inputs);
  const platform = detectPlatform(host);
  const read = {
    route,
    routeReason,
    endpoint: readEndpoint(route, inputs, host),
    pipeline: readPipeline(env, findings, route !== 'none'),
    ...readDelivery(route, inputs, host),
    spool: readSpool(inputs, host),
    logger: readLogger(inputs, host),
    limits: readLimits(inputs),
    severities: readSeverities(options),
    redaction:
      options.redaction === false ? (false as const) : Object.freeze({ ...options.redaction }),
    rules: readRules(inputs, host),
    baggageKeys: Object.freeze([...(options.baggageKeys ?? [])]),
    resource: buildResource(options, env, host, platform, findings),
    platform: Object.freeze({
      name: platform.name,
      stopSignal: platform.stopSignal,
      killAfterMs: platform.killAfterMs(host.env),
      isEphemeral: platform.isEphemeral,
    }),
    noticeLevel: oneOf(noticeLevels, env.choice('OTEL_LOG_LEVEL')) ?? 'info',
    batchProcessor: readBatchProcessor(env),
  };
  hintUnused(env, read, findings);
  hintSilence(env, read, findings);
  hintMisspelt(host.env, env, findings);
  hintTls(read.endpoint, host, findings);
  if (findings.wrongOptions.length > 0) throw new ConfigError(findings.wrongOptions);
  return Object.freeze({
    ...read,
    notices: Object.freeze(findings.notices(consequenceOf(read))),
    problems: Object.freeze([...findings.problems]),
  });
}

/** Without an endpoint nothing is sent, and nothing kept for later. */
function consequenceOf({
  endpoint,
  routeReason,
}: Pick<Config, 'endpoint' | 'routeReason'>): string {
  const isMeant = /^(?:OTEL_|LOG_ROUTE=none|route: 'none')/.test(routeReason);
  return endpoint === undefined && !isMeant
    ? 'Until that is set right, logs go to the console only.'
    : '';
}

const noticeLevels = ['none', 'error', 'warn', 'info', 'debug'] as const;

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((candidate) => candidate === value);
}

function readDelivery(
  route: Config['route'],
  { options, env, findings }: Inputs,
  host: Host,
): Pick<Config, 'timeoutMs' | 'compression' | 'proxy'> {
  const names = ['OTEL_EXPORTER_OTLP_LOGS_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'];
  const timeoutMs = options.timeoutMs ?? env.integer(...names);
  if (timeoutMs !== undefined && timeoutMs < 100) {
    const name =
      options.timeoutMs === undefined ? names.find((each) => env.has(each)) : 'option timeoutMs';
    findings.notice(
      'OTEL_SETUP_TIMEOUT_UNIT',
      'warn',
      `${name} is in milliseconds: no server answers within ${timeoutMs} ms. ${timeoutMs} s would be ${timeoutMs * 1000}.`,
    );
  }
  const compression = env.choice(
    'OTEL_EXPORTER_OTLP_LOGS_COMPRESSION',
    'OTEL_EXPORTER_OTLP_COMPRESSION',
  );
  return {
    timeoutMs: timeoutMs ?? 10_000,
    compression: options.compression ?? oneOf(['gzip', 'none'], compression) ?? 'gzip',
    proxy: readProxy(route === 'none' ? {} : host.env, findings),
  };
}

function readSpool({ options, env, findings }: Inputs, host: Host): Config['spool'] {
  const named: Setting | undefined =
    optionSetting('spoolDir', options.spoolDir, findings) ?? env.setting('LOG_SPOOL_DIR');
  return Object.freeze({
    durability:
      options.durability ?? oneOf(['record', 'memory'], env.choice('LOG_DURABILITY')) ?? 'record',
    roots: spoolRoots(named, host),
    maxBytes: options.spoolMaxBytes ?? env.bytes('LOG_SPOOL_MAX_BYTES'),
    onKubernetes: isOnKubernetes(host.env),
  });
}

function readLogger({ options, env }: Inputs, host: Host): Config['logger'] {
  const shown = options.console ?? oneOf(['pretty', 'json', 'off'], env.choice('LOG_CONSOLE'));
  return Object.freeze({
    level: options.level ?? env.choice('LOG_LEVEL') ?? 'info',
    console: shown ?? (host.isTerminal ? 'pretty' : 'json'),
  });
}

function readLimits({ options, env }: Inputs): Config['limits'] {
  const read = (suffix: string): number | undefined =>
    env.integer(`OTEL_LOGRECORD_ATTRIBUTE_${suffix}`, `OTEL_ATTRIBUTE_${suffix}`);
  return Object.freeze({
    attributeCount: options.attributeCountLimit ?? read('COUNT_LIMIT') ?? 128,
    attributeValueLength:
      options.attributeValueLengthLimit ?? read('VALUE_LENGTH_LIMIT') ?? Number.POSITIVE_INFINITY,
  });
}

function readSeverities({ severityMapping = {} }: ConfigOptions): Config['severities'] {
  const numbers = Object.entries(severityMapping).map(([level, severity]) => [
    level,
    typeof severity === 'number' ? severity : severityTexts[severity],
  ]);
  return Object.freeze(Object.fromEntries(numbers));
}

function readBatchProcessor(env: Environment): Config['batchProcessor'] {
  const found = {
    scheduledDelayMillis: env.integer('OTEL_BLRP_SCHEDULE_DELAY'),
    exportTimeoutMillis: env.integer('OTEL_BLRP_EXPORT_TIMEOUT'),
    maxQueueSize: env.integer('OTEL_BLRP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: env.integer('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'),
  };
  const set = Object.entries(found).filter(([, value]) => value !== undefined);
  return Object.freeze(Object.fromEntries(set));
}

function hintTls(endpoint: Config['endpoint'], host: Host, findings: Findings): void {
  if (host.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0' || !endpoint?.url.startsWith('https:')) return;
  findings.notice(
    'OTEL_SETUP_TLS_VERIFIED',
    'warn',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is not obeyed for logs: certificates are verified. For a certificate authority of your own set OTEL_EXPORTER_OTLP_CERTIFICATE.',
  );
}
