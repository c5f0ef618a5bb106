// What to paste for a trouble of the route: made of the endpoint that is set.

import { isGrafanaHost, isPublicHost } from '../../config/address.ts';
import { isOnKubernetes } from '../../config/platform.ts';
import { proxyFor } from '../../deliver/proxy.ts';
import type { TroubleKind } from '../../deliver/trouble.ts';
import type { RouteExamination } from './examination.ts';
import { labelPaste } from './label-paste.ts';
import { alloyLog, alloyService } from './look-at-alloy.ts';
import { gatewaySetting } from './mended-values.ts';
import { endpointSetting, withPath, withScheme } from './own-url.ts';
import { authorization, command, example, removal, setting } from './paste.ts';
import { askAgain } from './reproduction.ts';

/** `said`: the server's words, or the failure's. */
type Lines = (examination: RouteExamination, said: string) => readonly string[];

const otlpPath = '/otlp/v1/logs';
const ask: Lines = (examination) => [askAgain(examination)];

const lines: Readonly<Partial<Record<TroubleKind, Lines>>> = {
  unauthorized: credentials,
  forbidden: credentials,
  tenant,
  'not-found': otherPath,
  redirect: otherPath,
  'web-page': otherPath,
  unexpected: otherPath,
  blocked: ask,
  'client-error': ask,
  'metadata-disallowed': () => ['limits_config:', '  allow_structured_metadata: true'],
  'rate-limited': logLess,
  'server-error': lookAgain,
  network: silence,
  refused: silence,
  timeout: silence,
  dns: lookUp,
  'wrong-zone': ({ names }) => [gatewaySetting(names.settings.url)],
  tls: trust,
  'tls-files': trust,
  'plain-http': ({ endpoint, names }) => [
    endpointSetting(names.settings.url, withScheme(new URL(endpoint.url), 'https')),
  ],
  proxy: throughProxy,
  'unnamed-proxy': throughProxy,
  'forbidden-address': ({ endpoint }) => [`getent hosts ${new URL(endpoint.url).hostname}`],
  labels: labelPaste,
  entries: (_examination, said) =>
    /too (?:old|new|far behind)|out of order/i.test(said) ? ['timedatectl set-ntp true'] : [],
};

export function troublePaste(
  kind: TroubleKind,
  said: string,
  examination: RouteExamination,
): readonly string[] {
  return lines[kind]?.(examination, said) ?? [];
}

export function showCertificate({ hostname, port }: URL): string {
  return `openssl s_client -connect ${hostname}:${port || '443'} -servername ${hostname} </dev/null`;
}

function credentials({ endpoint, names }: RouteExamination): string[] {
  const name = names.settings.credentials;
  if (name.startsWith('GRAFANA_CLOUD_API')) {
    return [...example('GRAFANA_CLOUD_INSTANCE_ID'), ...example(name)];
  }
  if (!name.endsWith('_HEADERS')) return example(name);
  const isCloud = isGrafanaHost(new URL(endpoint.url).hostname);
  return [authorization(name, isCloud ? 'instance id:token' : 'user:password')];
}

/** Only the standard variables, and Alloy's, bring a header of one's own. */
function tenant(examination: RouteExamination): string[] {
  const { endpoint, env, names } = examination;
  const { url } = names.settings;
  const header = 'X-Scope-OrgID=<tenant>';
  if (url === 'ALLOY_OTLP_ENDPOINT') return [setting('ALLOY_OTLP_HEADERS', header)];
  const forLogs = 'OTEL_EXPORTER_OTLP_LOGS_HEADERS';
  if (url.startsWith('OTEL_')) {
    return [setting(env.has(forLogs) ? 'OTEL_EXPORTER_OTLP_HEADERS' : forLogs, header)];
  }
  return [
    'LOG_ROUTE=direct',
    endpointSetting('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', new URL(endpoint.url)),
    setting(forLogs, header),
    removal(url, examination),
  ];
}

/** Where OTLP is taken on the same host, unless it is asked there already. */
function otherPath(examination: RouteExamination): string[] {
  const { endpoint, names } = examination;
  const name = names.settings.url;
  const url = new URL(endpoint.url);
  const isDirect = names.routeName === 'direct';
  if (isDirect && isGrafanaHost(url.hostname) && !url.hostname.startsWith('otlp-')) {
    return [gatewaySetting(name)];
  }
  const path = isDirect ? otlpPath : '/v1/logs';
  const again = askAgain(examination);
  return url.pathname === path ? [again] : [endpointSetting(name, withPath(url, path)), again];
}

/** The next level that says less. */
function logLess({ config, endpoint, names }: RouteExamination): string[] {
  const isOwnLoki = names.routeName === 'direct' && !isGrafanaHost(new URL(endpoint.url).hostname);
  if (isOwnLoki)
    return ['limits_config:', '  ingestion_rate_mb: 16', '  ingestion_burst_size_mb: 32'];
  const { level } = config.logger;
  return level === 'error' || level === 'warn'
    ? []
    : [`LOG_LEVEL=${level === 'info' ? 'warn' : 'info'}`];
}

function lookAgain(examination: RouteExamination): string[] {
  const { hostname } = new URL(examination.endpoint.url);
  return examination.names.routeName === 'alloy'
    ? [`curl -s http://${hostname}:12345/-/ready`, alloyLog(examination)]
    : [command('doctor', examination)];
}

function silence(examination: RouteExamination): string[] {
  const { host, names } = examination;
  const ask = `curl -v ${names.origin}`;
  if (names.routeName !== 'alloy') return [ask];
  const { hostname } = new URL(names.origin);
  const isHere = /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
  const start =
    'alloy run --stability.level=public-preview --storage.path=/var/lib/alloy/data config.alloy';
  if (isHere) return [start, ask];
  return isOnKubernetes(host.env) ? [alloyService(examination), ask] : [ask];
}

function lookUp({ endpoint, names }: RouteExamination): string[] {
  const { hostname } = new URL(endpoint.url);
  const isCloud = isGrafanaHost(hostname);
  return [...(isCloud ? [gatewaySetting(names.settings.url)] : []), `getent hosts ${hostname}`];
}

function trust(examination: RouteExamination, said: string): string[] {
  const { endpoint, host, names } = examination;
  const url = new URL(endpoint.url);
  if (said.includes('no TLS at all on') && !isPublicHost(url.hostname, isOnKubernetes(host.env))) {
    return [endpointSetting(names.settings.url, withScheme(url, 'http'))];
  }
  return [...authority(said, examination), showCertificate(url)];
}

function authority(said: string, { endpoint, env }: RouteExamination): string[] {
  if (said.includes('cannot be used')) {
    const { certificate, clientCertificate, clientKey } = endpoint;
    const files = [certificate, clientCertificate, clientKey].filter((path) => path !== undefined);
    return [`ls -l ${files.join(' ')}`];
  }
  if (!/authority|self-signed/.test(said)) return [];
  const forLogs = 'OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE';
  const name = env.has(forLogs) ? forLogs : 'OTEL_EXPORTER_OTLP_CERTIFICATE';
  return [setting(name, '<path of the authority as a PEM file>')];
}

function throughProxy(examination: RouteExamination, said: string): string[] {
  const { config, endpoint, host, names } = examination;
  const proxy = proxyFor(new URL(endpoint.url), config.proxy);
  const asksWho = / 407\b/.test(said);
  const isHttps = endpoint.url.startsWith('https:');
  const candidates = isHttps ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = candidates.find((each) => (host.env[each] ?? '') !== '') ?? candidates[1] ?? '';
  if (proxy === undefined || proxy === 'invalid') {
    return [setting(name, `http://${asksWho ? '<user>:<password>@' : ''}<host>:<port>`)];
  }
  const { host: server, origin, protocol } = proxy.url;
  if (asksWho) return [setting(name, `${protocol}//<user>:<password>@${server}`)];
  return [`curl -v --proxytunnel --proxy ${origin} ${names.origin}`];
}
