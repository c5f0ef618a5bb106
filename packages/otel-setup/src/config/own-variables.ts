// The variables of the routes, the logger and the spool.

import type { Variable } from './variable.ts';

const off = { none: 'off', false: 'off', '0': 'off' };

export const ownVariables: readonly Variable[] = [
  {
    names: ['LOG_ROUTE'],
    kind: 'choice',
    values: ['direct', 'alloy', 'none'],
    synonyms: { off: 'none', false: 'none', disabled: 'none', console: 'none' },
    default: 'by what is set',
    meaning: 'Where records go: `direct`, `alloy` or `none` (console only).',
    secret: false,
  },
  {
    names: ['GRAFANA_CLOUD_OTLP_ENDPOINT'],
    kind: 'url',
    default: '',
    meaning:
      'direct: `https://otlp-gateway-<zone>.grafana.net/otlp`, from the stack page, OpenTelemetry, Configure.',
    secret: false,
  },
  {
    names: ['GRAFANA_CLOUD_INSTANCE_ID'],
    kind: 'text',
    default: '',
    meaning: "direct: the stack's OTLP instance id, a number.",
    secret: true,
  },
  {
    names: ['GRAFANA_CLOUD_API_KEY', 'GRAFANA_CLOUD_API_TOKEN'],
    kind: 'text',
    default: '',
    meaning: 'direct: an access policy token `glc_...` with scope `logs:write`.',
    secret: true,
  },
  {
    names: ['ALLOY_OTLP_ENDPOINT'],
    kind: 'url',
    default: '`http://localhost:4318`',
    meaning: "alloy: base URL of Alloy's `otelcol.receiver.otlp`.",
    secret: false,
  },
  {
    names: ['ALLOY_OTLP_HEADERS'],
    kind: 'headers',
    default: '',
    meaning: 'alloy: request headers, `name=value,name=value`, percent-encoded.',
    secret: true,
  },
  {
    names: ['LOKI_URL'],
    kind: 'url',
    default: '',
    meaning: "direct, for a migration: a Loki push URL; the same host's OTLP endpoint is used.",
    secret: false,
  },
  {
    names: ['LOKI_AUTH'],
    kind: 'text',
    default: '',
    meaning: 'direct, for a migration: `user:token` for `LOKI_URL`.',
    secret: true,
  },
  {
    names: ['LOG_LEVEL'],
    kind: 'choice',
    values: ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'],
    synonyms: {
      ...{ fatal: 'error', critical: 'error', err: 'error', warning: 'warn', information: 'info' },
      ...{ notice: 'info', trace: 'silly', all: 'silly' },
    },
    default: '`info`',
    meaning:
      'The least severe level that is logged; `logger.level` changes it at run time. A logger of your own keeps its own level.',
    secret: false,
  },
  {
    names: ['LOG_CONSOLE'],
    kind: 'choice',
    values: ['pretty', 'json', 'off'],
    synonyms: off,
    default: '`pretty` on a terminal, else `json`',
    meaning:
      'What the console shows: `pretty`, `json` or `off`. A logger of your own gets no console of ours, and keeps its own.',
    secret: false,
  },
  {
    names: ['LOG_DURABILITY'],
    kind: 'choice',
    values: ['record', 'memory'],
    default: '`record`',
    meaning: '`record`: on disk before the log call returns. `memory`: a ring of 8 MiB only.',
    secret: false,
  },
  {
    names: ['LOG_SPOOL_DIR'],
    kind: 'path',
    default: 'the state directory of systemd, else of the user, else the temporary directory',
    meaning: 'Where records wait until they are delivered.',
    secret: false,
  },
  {
    names: ['LOG_SPOOL_MAX_BYTES'],
    kind: 'bytes',
    min: 1_048_576,
    default: '`512MiB`; `128MiB` on Kubernetes, `32MiB` on a tmpfs',
    meaning: 'Bytes on disk over all processes: plain, or `64MiB`, `512MB`.',
    secret: false,
  },
  {
    names: ['LOG_PROCESSING'],
    kind: 'path',
    default: '',
    meaning: 'A JSON file with processing rules: drop, sample, limit, rename, add, remove.',
    secret: false,
  },
];
