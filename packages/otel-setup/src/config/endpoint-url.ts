// One endpoint setting to the exact URL of the POST: repaired where the intention is beyond doubt.

import { bareHost, isForbiddenAddress, isGrafanaHost, isPublicHost } from './address.ts';
import type { RouteName } from './config.ts';
import { type EndpointForm, isLokiPath, isPushPath, logsPath } from './endpoint-path.ts';
import type { Findings, Setting } from './findings.ts';

export interface EndpointUrl {
  /** Without user-info and fragment. */
  readonly url: URL;
  /** `user:password` as it stood in the URL. */
  readonly userInfo: string | undefined;
}

export interface EndpointUse {
  readonly form: EndpointForm;
  readonly route: RouteName;
  readonly onKubernetes: boolean;
}

const lokiPort = '3100';

/** The host a setting names, or undefined where it is no URL; tells nothing. */
export function hostOf(value: string): string | undefined {
  return parseQuietly(value)?.hostname.toLowerCase();
}

/** By its path, or by Loki's own port. */
export function isLokiUrl(value: string): boolean {
  const url = parseQuietly(value);
  return url !== null && (isLokiPath(url.pathname) || url.port === lokiPort);
}

function parseQuietly(value: string): URL | null {
  return URL.parse(hasScheme(value) ? value : `http://${value}`);
}

export function readEndpointUrl(
  setting: Setting,
  use: EndpointUse,
  findings: Findings,
): EndpointUrl | undefined {
  const repairs: string[] = [];
  const url = parse(setting, use, findings, repairs);
  if (url === undefined || isRefused(url, setting, use, findings)) return undefined;
  const userInfo = takeUserInfo(url, use.form, repairs);
  repairTransport(url, repairs);
  const path = logsPath(url.pathname, use.form, needsOtlp(url, use.route));
  repairs.push(...path.repairs);
  url.pathname = path.path;
  url.hash = '';
  tellWrongHost(url, setting, findings);
  if (repairs.length > 0) {
    findings.notice(
      'OTEL_SETUP_ENDPOINT_REPAIRED',
      'warn',
      `${setting.name}: ${repairs.join('; ')}.${shown(url, setting)}`,
    );
  }
  return { url, userInfo };
}

/** `localhost:4318` and `user:token@host` have none, though the URL standard sees one. */
function hasScheme(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:\/|(?!\d)[^@]*$)/i.test(value);
}

function parse(
  setting: Setting,
  use: EndpointUse,
  findings: Findings,
  repairs: string[],
): URL | undefined {
  const { name, value, origin } = setting;
  const expected = `${name} must be an http:// or https:// URL`;
  if (/^gl(?:c|sa)_/i.test(value)) {
    findings.problem(origin, `${expected}, got what looks like a token.`);
    return undefined;
  }
  if (/^:?\d+$/.test(value)) {
    findings.problem(origin, `${expected}, got a port alone.`);
    return undefined;
  }
  let text = value;
  if (!hasScheme(value)) {
    const host = hostOf(value) ?? '';
    const scheme = isPublicHost(host, use.onKubernetes) ? 'https' : 'http';
    text = `${scheme}://${value.replace(/^\/\//, '')}`;
    repairs.push(`it had no scheme; ${scheme}:// was put before it`);
  } else if (/^grpcs?:/i.test(value)) {
    text = value.replace(/^grpc(s?):/i, 'http$1:');
    repairs.push('gRPC became HTTP');
  }
  const url = URL.parse(text);
  if (url !== null && url.protocol !== 'http:' && url.protocol !== 'https:') {
    findings.problem(origin, `${expected}; other schemes are refused.`);
    return undefined;
  }
  if (url !== null && /^(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)$/.test(url.hostname)) return url;
  findings.problem(origin, `${expected}, got something that is none.`);
  return undefined;
}

function isRefused(url: URL, setting: Setting, use: EndpointUse, findings: Findings): boolean {
  const { name, origin } = setting;
  if (isForbiddenAddress(url.hostname)) {
    findings.problem(
      origin,
      `${name} names a link-local or metadata address, which no log endpoint has; refused. Name the server itself.`,
    );
    return true;
  }
  if (use.route === 'alloy' && isGrafanaHost(url.hostname)) {
    findings.problem(
      origin,
      `${name} names a host of Grafana Cloud, which serves LOG_ROUTE=direct only. Name Alloy, or use LOG_ROUTE=direct.`,
    );
    return true;
  }
  if (use.route === 'alloy' && isPushPath(url.pathname)) {
    findings.problem(
      origin,
      `${name} is a Loki push URL. Alloy takes OTLP on otelcol.receiver.otlp, usually http://<host>:4318.`,
    );
    return true;
  }
  return false;
}

function takeUserInfo(url: URL, form: EndpointForm, repairs: string[]): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const userInfo = `${decode(url.username)}:${decode(url.password)}`;
  url.username = '';
  url.password = '';
  // In a push URL they are the custom, and no mistake.
  if (form !== 'loki') repairs.push('the user and password in the URL were taken out of it');
  return userInfo;
}

/**
 * How the setting was read. A path of one's own may be a secret (a webhook's), and so may a bare
 * word that was taken for a host name: neither is shown.
 */
function shown({ origin, hostname, port, pathname }: URL, { value }: Setting): string {
  if (!hasScheme(value) && port === '' && !hostname.includes('.')) return '';
  const isUsual = pathname === '/v1/logs' || pathname === '/otlp/v1/logs';
  return ` Read as ${origin}${isUsual ? pathname : '/...'}.`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all: the raw text is what was meant.
    return text;
  }
}

function repairTransport(url: URL, repairs: string[]): void {
  if (isGrafanaHost(url.hostname)) {
    if (url.protocol === 'https:') return;
    url.protocol = 'https:';
    repairs.push('http:// became https://');
    return;
  }
  if (url.port === '4317') {
    url.port = '4318';
    repairs.push('port 4317 (gRPC) became 4318 (HTTP)');
  }
}

function needsOtlp(url: URL, route: RouteName): boolean {
  if (isGrafanaHost(url.hostname)) return isIngestHost(url.hostname);
  return route === 'direct' && url.port === lokiPort;
}

function isIngestHost(host: string): boolean {
  return /^(?:otlp-|logs-|loki)/.test(bareHost(host));
}

/** Told, not repaired: the gateway's zone cannot be known from here. */
function tellWrongHost(url: URL, { name, origin }: Setting, findings: Findings): void {
  const host = bareHost(url.hostname);
  const isPage = host === 'grafana.com' || host.endsWith('.grafana.com');
  if (!isPage && (!isGrafanaHost(host) || isIngestHost(host))) return;
  // Hosts with more labels are regions opened later: their names are not ours to judge.
  if (!isPage && host.split('.').length > 3) return;
  const what = /^(?:prometheus|tempo|profiles|graphite)-/.test(host)
    ? "another service's address"
    : "a stack's web address";
  findings.problem(
    origin,
    `${name} is ${what} (${host}), where no logs are taken. It must be the OTLP gateway, https://otlp-gateway-<zone>.grafana.net/otlp, as the stack page hands it out under OpenTelemetry, Configure.`,
  );
}
