// Everything that can go wrong on the way out, as notices: what happened, why, the fix.

import type { Notice, NoticeCode } from '../errors.ts';

export interface RouteNames {
  /** `direct` or `alloy`. */
  readonly routeName: string;
  /** Scheme, host and port of the endpoint, without user-info. */
  readonly origin: string;
  /** The settings a person has to look at. */
  readonly settings: { readonly url: string; readonly credentials: string };
}

/** Each names a row of the table below. */
export type TroubleKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'redirect'
  | 'web-page'
  | 'blocked'
  | 'unexpected'
  | 'client-error'
  | 'metadata-disallowed'
  | 'rate-limited'
  | 'server-error'
  | 'network'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'proxy'
  | 'forbidden-address'
  | 'invalid-request'
  | 'rejected'
  | 'entries'
  | 'labels'
  | 'partial-success'
  | 'server-warning'
  | 'too-large'
  | 'truncated'
  | 'oversized'
  | 'internal';

interface Trouble {
  readonly code: NoticeCode;
  readonly level: Notice['level'];
  /** Continues "The endpoint <origin> …". */
  readonly what: string;
  readonly fix: (names: RouteNames) => string;
}

const checkUrl = ({ settings }: RouteNames): string => `Check ${settings.url}.`;
const nothingToDo = (): string => 'Nothing needs doing unless it goes on.';
const isItRunning = (names: RouteNames): string =>
  names.routeName === 'alloy'
    ? `Is Alloy running, and does its otelcol.receiver.otlp listen there? Check ${names.settings.url}.`
    : `Check the network, and ${names.settings.url}.`;

export const troubles: Readonly<Record<TroubleKind, Trouble>> = {
  unauthorized: {
    code: 'OTEL_SETUP_UNAUTHORIZED',
    level: 'error',
    what: 'does not accept the credentials',
    fix: ({ settings }) =>
      `Check ${settings.credentials}: for Grafana Cloud the instance id of the stack's OpenTelemetry page and an access policy token with the scope logs:write.`,
  },
  forbidden: {
    code: 'OTEL_SETUP_FORBIDDEN',
    level: 'error',
    what: 'accepts the credentials but does not allow writing logs',
    fix: ({ settings }) => `Check ${settings.credentials}: the token needs the scope logs:write.`,
  },
  'not-found': {
    code: 'OTEL_SETUP_NOT_FOUND',
    level: 'error',
    what: 'has no OTLP log endpoint at this path',
    fix: ({ settings }) =>
      `Check ${settings.url}: for Grafana Cloud it ends in /otlp (and /v1/logs is added), for a Loki of one's own too.`,
  },
  redirect: {
    code: 'OTEL_SETUP_REDIRECT',
    level: 'error',
    what: 'answers with a redirect, which is never followed because it would carry the credentials elsewhere',
    fix: ({ settings }) => `Set ${settings.url} to the final address.`,
  },
  'web-page': {
    code: 'OTEL_SETUP_WEB_PAGE',
    level: 'error',
    what: 'answers with a web page, so nothing was stored',
    fix: ({ settings }) =>
      `${settings.url} probably names the user interface (https://<stack>.grafana.net) instead of the OTLP gateway.`,
  },
  blocked: {
    code: 'OTEL_SETUP_BLOCKED',
    level: 'error',
    what: 'has ingestion blocked by its operator (260)',
    fix: () => 'Ask whoever runs this Loki or Grafana Cloud stack: limits, billing or a block.',
  },
  unexpected: {
    code: 'OTEL_SETUP_UNEXPECTED_ANSWER',
    level: 'error',
    what: 'gives an answer that no OTLP server gives, so nothing counts as stored',
    fix: checkUrl,
  },
  'client-error': {
    code: 'OTEL_SETUP_REFUSED_REQUEST',
    level: 'error',
    what: 'refuses the requests as such',
    fix: ({ settings }) => `Check ${settings.url} and what stands before it (a proxy, a firewall).`,
  },
  'metadata-disallowed': {
    code: 'OTEL_SETUP_METADATA_DISALLOWED',
    level: 'error',
    what: 'is a Loki that does not allow structured metadata, without which it takes no OTLP logs',
    fix: () => 'Set limits_config.allow_structured_metadata: true there (with schema v13).',
  },
  'rate-limited': {
    code: 'OTEL_SETUP_RATE_LIMITED',
    level: 'warn',
    what: 'limits the rate (429)',
    fix: () => 'If it goes on: log less, or have the limits raised.',
  },
  'server-error': {
    code: 'OTEL_SETUP_SERVER_ERROR',
    level: 'warn',
    what: 'has an error of its own',
    fix: nothingToDo,
  },
  network: {
    code: 'OTEL_SETUP_UNREACHABLE',
    level: 'warn',
    what: 'cannot be reached',
    fix: isItRunning,
  },
  refused: {
    code: 'OTEL_SETUP_UNREACHABLE',
    level: 'warn',
    what: 'refuses connections',
    fix: isItRunning,
  },
  dns: {
    code: 'OTEL_SETUP_DNS',
    level: 'warn',
    what: 'has a name that cannot be resolved',
    fix: ({ settings }) => `Check the host name in ${settings.url}, and this machine's DNS.`,
  },
  tls: {
    code: 'OTEL_SETUP_TLS',
    level: 'error',
    what: 'offers no TLS connection that can be trusted; nothing is sent without one',
    fix: ({ settings }) =>
      `Check the scheme and host in ${settings.url}; a private certificate authority goes into OTEL_EXPORTER_OTLP_CERTIFICATE.`,
  },
  timeout: {
    code: 'OTEL_SETUP_TIMEOUT',
    level: 'warn',
    what: 'did not answer in time',
    fix: isItRunning,
  },
  proxy: {
    code: 'OTEL_SETUP_PROXY',
    level: 'error',
    what: 'cannot be reached through the proxy; it is never gone around',
    fix: () => 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the credentials in them.',
  },
  'forbidden-address': {
    code: 'OTEL_SETUP_FORBIDDEN_ADDRESS',
    level: 'error',
    what: 'has an address that logs and credentials are never sent to',
    fix: checkUrl,
  },
  'invalid-request': {
    code: 'OTEL_SETUP_INVALID_SETTINGS',
    level: 'error',
    what: 'cannot be asked with these settings',
    fix: ({ settings }) => `Check ${settings.url} and ${settings.credentials}.`,
  },
  rejected: {
    code: 'OTEL_SETUP_REJECTED',
    level: 'error',
    what: 'refused records for what they hold; they are in quarantine and counted as dropped',
    fix: () => 'The reason is in its words.',
  },
  entries: {
    code: 'OTEL_SETUP_REJECTED_ENTRIES',
    level: 'error',
    what: 'refused entries and stored the rest; the refused ones are in quarantine and counted as dropped',
    fix: () => 'The reason is in its words; the limits are those of its tenant.',
  },
  labels: {
    code: 'OTEL_SETUP_REJECTED_LABELS',
    level: 'error',
    what: 'refuses every record of this service for the labels that its resource makes; they are in quarantine and counted as dropped',
    fix: () =>
      'Shorten or remove the resource attribute that its words name (OTEL_RESOURCE_ATTRIBUTES).',
  },
  'partial-success': {
    code: 'OTEL_SETUP_PARTIAL_SUCCESS',
    level: 'error',
    what: 'stored a request only in part; the rejected records are counted as dropped',
    fix: () => 'The reason is in its words.',
  },
  'server-warning': {
    code: 'OTEL_SETUP_SERVER_WARNING',
    level: 'warn',
    what: 'stored everything, with a warning',
    fix: nothingToDo,
  },
  'too-large': {
    code: 'OTEL_SETUP_TOO_LARGE',
    level: 'warn',
    what: 'takes smaller requests only; batches are made smaller',
    fix: nothingToDo,
  },
  truncated: {
    code: 'OTEL_SETUP_TRUNCATED',
    level: 'warn',
    what: 'takes no record of this size; it was shortened, and is marked so',
    fix: () => 'Log less in one record, or have the limit raised.',
  },
  oversized: {
    code: 'OTEL_SETUP_OVERSIZED',
    level: 'error',
    what: 'takes no record of this size, shortened or not; it is in quarantine and counted as dropped',
    fix: () => 'Log less in one record, or have the limit raised.',
  },
  internal: {
    code: 'OTEL_SETUP_DELIVERY_ERROR',
    level: 'error',
    what: 'was not reached because of an error in otel-setup itself; records are kept',
    fix: () => 'Please report this.',
  },
};

/** @param detail why, already clean: the server's words or a failure's message. */
export function troubleNotice(kind: TroubleKind, names: RouteNames, detail: string): Notice {
  const trouble = troubles[kind];
  const why = detail === '' ? '' : ` (${detail})`;
  const message = `The endpoint ${names.origin} of route ${names.routeName} ${trouble.what}${why}. ${trouble.fix(names)}`;
  return { code: trouble.code, level: trouble.level, message };
}
