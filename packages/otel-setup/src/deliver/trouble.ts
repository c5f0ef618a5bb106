// Everything that can go wrong on the way out, as notices: what happened, why, the fix.

import type { Notice } from '../errors.ts';
import { recordTroubles } from './record-troubles.ts';
import type { RouteNames, Trouble, TroubleKind } from './trouble-kind.ts';

export type { RouteNames, TroubleKind } from './trouble-kind.ts';

const checkUrl = ({ settings }: RouteNames): string => `Check ${settings.url}.`;
const isItRunning = (names: RouteNames, why: string): string => {
  const { origin, routeName, settings } = names;
  if (why.includes('ERR_ACCESS_DENIED')) return 'Start Node with --allow-net.';
  if (why.includes('WebAssembly')) {
    return 'Start Node without --jitless, which takes WebAssembly away: the HTTP client is made of it.';
  }
  if (/\b(?:EMFILE|ENFILE|ERR_INVALID_PACKAGE_CONFIG)\b/.test(why)) {
    return 'This process may open too few files: raise its limit (ulimit -n), and see what it holds open.';
  }
  const speaksOther = /no HTTP|UND_ERR_SOCKET|ECONNRESET|request failed/.test(why);
  const hint = speaksOther && origin.startsWith('http:') ? ` ${otherProtocol(settings.url)}` : '';
  return routeName === 'alloy'
    ? `Is Alloy running, and does its otelcol.receiver.otlp listen there? Check ${settings.url}.${hint}`
    : `Check the network, and ${settings.url}.${hint}`;
};
const otherProtocol = (setting: string): string =>
  `If that port speaks TLS, write https:// in ${setting}; if it is gRPC (4317), take the one for HTTP (4318).`;

export const troubles: Readonly<Record<TroubleKind, Trouble>> = {
  unauthorized: {
    code: 'OTEL_SETUP_UNAUTHORIZED',
    level: 'error',
    what: 'does not accept the credentials',
    fix: ({ origin, routeName, settings }, why) =>
      (routeName === 'alloy' ? forAlloy(settings.credentials, why) : undefined) ??
      lokiSuccessors(origin, settings.url) ??
      `${credentialsIn(settings.credentials)}: for Grafana Cloud the instance id is the number of the stack's OpenTelemetry page (not that of its Loki), and the token one of an access policy with the scope logs:write, not revoked; sent as Authorization: Basic (not Bearer).`,
  },
  tenant: {
    code: 'OTEL_SETUP_TENANT',
    level: 'error',
    what: 'is a Loki that wants to know the tenant',
    fix: () =>
      'Set OTEL_EXPORTER_OTLP_LOGS_HEADERS=X-Scope-OrgID=<tenant>, and its address in OTEL_EXPORTER_OTLP_LOGS_ENDPOINT; or auth_enabled: false in that Loki.',
  },
  forbidden: {
    code: 'OTEL_SETUP_FORBIDDEN',
    level: 'error',
    what: 'accepts the credentials but does not allow writing logs',
    fix: ({ settings }, why) =>
      /quota|limit|exceeded/i.test(why)
        ? 'Its words speak of a limit: ask whoever runs this stack, or log less.'
        : `Check ${settings.credentials}: the token needs the scope logs:write.`,
  },
  'not-found': {
    code: 'OTEL_SETUP_NOT_FOUND',
    level: 'error',
    what: 'has no OTLP log endpoint at this path',
    fix: ({ origin, routeName, settings }) =>
      lokiSuccessors(origin, settings.url) ??
      (routeName === 'alloy'
        ? `Check ${settings.url}: Alloy takes OTLP on the port of its otelcol.receiver.otlp, 4318 unless it is set, and not on that of its pages (12345).`
        : undefined) ??
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
    fix: () =>
      'Records wait, and are sent again by themselves. If it goes on: raise LOG_LEVEL, drop by LOG_PROCESSING, or have the limit raised.',
  },
  'server-error': {
    code: 'OTEL_SETUP_SERVER_ERROR',
    level: 'warn',
    what: 'has an error of its own',
    fix: ({ routeName }) =>
      routeName === 'alloy'
        ? "Look at Alloy's log if it goes on: its queue may be full, or what is behind it refuse."
        : 'Records wait, and are sent again by themselves. If it goes on, ask whoever runs it (for Grafana Cloud see status.grafana.com).',
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
    fix: ({ routeName, settings }) =>
      `Check the host name in ${settings.url}${routeName === 'alloy' ? '' : ' (for Grafana Cloud its zone)'}, and this machine's DNS.`,
  },
  tls: {
    code: 'OTEL_SETUP_TLS',
    level: 'error',
    what: 'offers no TLS connection that can be trusted; nothing is sent without one',
    fix: ({ settings }, why) =>
      /expired|not valid yet/.test(why)
        ? `Have the server's certificate renewed, and check this machine's clock; ${settings.url} names the server.`
        : `Check the scheme and host in ${settings.url}; a private certificate authority goes into OTEL_EXPORTER_OTLP_CERTIFICATE.`,
  },
  'tls-files': {
    code: 'OTEL_SETUP_TLS',
    level: 'error',
    what: 'is not asked, because a certificate or key file of this application cannot be used',
    fix: () =>
      "Check OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY and OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE (or their forms for logs): PEM files that the application's user can read.",
  },
  'plain-http': {
    code: 'OTEL_SETUP_PLAIN_HTTP',
    level: 'error',
    what: 'speaks https, and is asked in plain http',
    fix: ({ settings }) => `Write https:// in ${settings.url}.`,
  },
  'wrong-zone': {
    code: 'OTEL_SETUP_WRONG_ZONE',
    level: 'error',
    what: 'has no server behind its name (530)',
    fix: ({ settings }) =>
      `Check the zone in ${settings.url}: copy the address from the stack page, OpenTelemetry, Configure.`,
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
    fix: () =>
      'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY (their lower-case forms too), and the credentials in them.',
  },
  'unnamed-proxy': {
    code: 'OTEL_SETUP_PROXY',
    level: 'error',
    what: 'answers as a proxy that asks for credentials, and it is none that HTTPS_PROXY or HTTP_PROXY names',
    fix: ({ settings }) =>
      `Check that ${settings.url} names the endpoint itself; if a proxy stands before it, name that one with its credentials in HTTPS_PROXY or HTTP_PROXY.`,
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
  ...recordTroubles,
};

/** @param detail why, already clean: the server's words or a failure's message. */
export function troubleNotice(kind: TroubleKind, names: RouteNames, detail: string): Notice {
  const trouble = troubles[kind];
  const said = reasonFor(kind, detail);
  const why = said === '' ? '' : ` (${said})`;
  const message = `The endpoint ${names.origin} of route ${names.routeName} ${trouble.what}${why}. ${trouble.fix(names, detail)}`;
  return { code: trouble.code, level: trouble.level, message };
}

/** Of a refused connection nothing is left to say but the system's own code. */
export function reasonFor(kind: TroubleKind, detail: string): string {
  return kind === 'refused' ? detail.replace(/^connection refused \((\w+)\)$/, '$1') : detail;
}

/** Where a push URL and its password do not serve OTLP, two variables to paste say more than what to check. */
function lokiSuccessors(origin: string, setting: string): string | undefined {
  if (setting !== 'LOKI_URL') return undefined;
  const basic = 'Authorization=Basic%20<base64 of';
  return new URL(origin).hostname.endsWith('.grafana.net')
    ? `Instead of LOKI_URL and LOKI_AUTH set OTEL_EXPORTER_OTLP_ENDPOINT=https://otlp-gateway-<zone>.grafana.net/otlp and OTEL_EXPORTER_OTLP_HEADERS=${basic} instance id:token>, as the stack page shows them under OpenTelemetry, Configure.`
    : `OTLP needs Loki 3.0 or later. Instead of LOKI_URL and LOKI_AUTH set, with LOG_ROUTE=direct, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=${origin}/otlp/v1/logs and OTEL_EXPORTER_OTLP_LOGS_HEADERS=${basic} user:password>.`;
}

/** A receiver that waits for its exporter hands on what that one was told. */
function forAlloy(setting: string, why: string): string {
  return /export/i.test(why)
    ? 'The credentials of Alloy itself are refused behind it: check GRAFANA_CLOUD_INSTANCE_ID and GRAFANA_CLOUD_API_KEY where Alloy runs.'
    : `Check ${setting}: user and password of Alloy's receiver, as Authorization=Basic%20<base64 of user:password>.`;
}

/** Grafana Cloud's are two variables, of which the name stands for both. */
function credentialsIn(setting: string): string {
  return setting.startsWith('GRAFANA_CLOUD_API')
    ? `Check GRAFANA_CLOUD_INSTANCE_ID and ${setting}`
    : `Check ${setting}`;
}
