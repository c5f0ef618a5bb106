// The variables of the OpenTelemetry specification.

import type { Variable } from './variable.ts';

const exporter = 'OTEL_EXPORTER_OTLP';

/** The name for logs, which wins, and the general one. */
function pair(suffix: string): readonly string[] {
  return [`${exporter}_LOGS_${suffix}`, `${exporter}_${suffix}`];
}

const exporterVariables: readonly Variable[] = [
  {
    names: [`${exporter}_LOGS_ENDPOINT`],
    kind: 'url',
    default: '',
    meaning: 'The full URL for logs. A host under `grafana.net` serves `direct` only.',
    secret: false,
  },
  {
    names: [`${exporter}_ENDPOINT`],
    kind: 'url',
    default: '',
    meaning: 'Base URL, `/v1/logs` is appended. A host under `grafana.net` serves `direct` only.',
    secret: false,
  },
  {
    names: pair('HEADERS'),
    kind: 'headers',
    default: '',
    meaning: 'Request headers for the standard endpoint, `name=value,name=value`, percent-encoded.',
    secret: true,
  },
  {
    names: pair('CERTIFICATE'),
    kind: 'path',
    default: '',
    meaning: 'PEM file with certificate authorities to trust.',
    secret: false,
  },
  {
    names: pair('CLIENT_KEY'),
    kind: 'path',
    default: '',
    meaning: "PEM file with the client's private key.",
    secret: false,
  },
  {
    names: pair('CLIENT_CERTIFICATE'),
    kind: 'path',
    default: '',
    meaning: "PEM file with the client's certificate.",
    secret: false,
  },
  {
    names: pair('TIMEOUT'),
    kind: 'integer',
    min: 1,
    default: '`10000`',
    meaning: 'Milliseconds for one attempt to send, on each route.',
    secret: false,
  },
  {
    names: pair('COMPRESSION'),
    kind: 'choice',
    values: ['gzip', 'none'],
    default: '`gzip`',
    meaning: '`gzip` or `none`, on each route.',
    secret: false,
  },
  {
    names: pair('PROTOCOL'),
    kind: 'choice',
    values: ['http/protobuf', 'http/json', 'grpc'],
    default: '`http/protobuf`',
    meaning:
      '`http/json` in the form for logs wires the upstream parts instead of ours; `grpc` becomes `http/protobuf`.',
    secret: false,
  },
];

const sdkVariables: readonly Variable[] = [
  {
    names: ['OTEL_SERVICE_NAME'],
    kind: 'text',
    default: "the platform's, else that of `package.json`",
    meaning: '`service.name`.',
    secret: false,
  },
  {
    names: ['OTEL_RESOURCE_ATTRIBUTES'],
    kind: 'text',
    default: '',
    meaning: 'Resource attributes, `key=value,key=value`, percent-encoded.',
    secret: false,
  },
  {
    names: ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    kind: 'integer',
    min: 0,
    default: '`128`',
    meaning: 'Attributes a record keeps.',
    secret: false,
  },
  {
    names: ['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    kind: 'integer',
    min: 0,
    default: 'no limit',
    meaning: 'Characters a string attribute keeps.',
    secret: false,
  },
  {
    names: ['OTEL_SDK_DISABLED'],
    kind: 'boolean',
    default: '`false`',
    meaning: '`true`: console only, whatever else is set.',
    secret: false,
  },
  {
    names: ['OTEL_LOGS_EXPORTER'],
    kind: 'choice',
    values: ['otlp', 'console', 'none'],
    default: '`otlp`',
    meaning: '`none` or `console`: console only.',
    secret: false,
  },
  {
    names: ['OTEL_LOG_LEVEL'],
    kind: 'choice',
    values: ['none', 'error', 'warn', 'info', 'debug'],
    synonyms: { verbose: 'debug', all: 'debug', trace: 'debug', warning: 'warn', fatal: 'error' },
    default: '`info`',
    meaning: 'Which notices of the SDK itself are printed.',
    secret: false,
  },
  {
    names: ['OTEL_BLRP_SCHEDULE_DELAY'],
    kind: 'integer',
    min: 0,
    default: '`1000`',
    meaning: 'Milliseconds; the `http/json` pipeline only.',
    secret: false,
  },
  {
    names: ['OTEL_BLRP_EXPORT_TIMEOUT'],
    kind: 'integer',
    min: 1,
    default: '`30000`',
    meaning: 'Milliseconds; the `http/json` pipeline only.',
    secret: false,
  },
  {
    names: ['OTEL_BLRP_MAX_QUEUE_SIZE'],
    kind: 'integer',
    min: 1,
    default: '`2048`',
    meaning: 'Records; the `http/json` pipeline only.',
    secret: false,
  },
  {
    names: ['OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'],
    kind: 'integer',
    min: 1,
    default: '`512`',
    meaning: 'Records; the `http/json` pipeline only.',
    secret: false,
  },
];

export const otelVariables: readonly Variable[] = [...exporterVariables, ...sdkVariables];
