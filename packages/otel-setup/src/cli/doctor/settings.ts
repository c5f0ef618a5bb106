// The configuration as it was read: each value with the place it comes from; secrets by their kind only.

import { unusableProxy } from '../../config/proxy.ts';
import { variables } from '../../config/variables.ts';
import { printable } from '../text.ts';
import type { Examination } from './examination.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

export function readSettings(examination: Examination): Setting[] {
  const { config } = examination;
  const { endpoint, limits, logger, proxy, spool } = config;
  const from = (...names: readonly string[]): string => sourceOf(examination, names);
  const route = examination.route === undefined ? config.routeReason : '--route';
  const settings: Setting[] = [
    { name: 'route', value: config.route, from: route },
    ...(endpoint === undefined
      ? []
      : [
          { name: 'endpoint', value: shownUrl(endpoint.url), from: from(endpoint.settings.url) },
          ...credentials(examination),
          ...certificates(examination),
        ]),
    { name: 'pipeline', value: config.pipeline, from: from(...pair('PROTOCOL')) },
    { name: 'compression', value: config.compression, from: from(...pair('COMPRESSION')) },
    { name: 'timeout', value: `${config.timeoutMs} ms`, from: from(...pair('TIMEOUT')) },
    ...proxySetting('proxy for https', proxy.https, from('https_proxy', 'HTTPS_PROXY')),
    ...proxySetting('proxy for http', proxy.http, from('http_proxy', 'HTTP_PROXY')),
    { name: 'level', value: logger.level, from: from('LOG_LEVEL') },
    { name: 'console', value: logger.console, from: from('LOG_CONSOLE') },
    { name: 'durability', value: spool.durability, from: from('LOG_DURABILITY') },
    {
      name: 'attributes',
      value: `at most ${limits.attributeCount}`,
      from: from('OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'),
    },
    { name: 'notices', value: config.noticeLevel, from: from('OTEL_LOG_LEVEL') },
  ];
  return [...settings, ...others(examination, settings)].map((setting) => ({
    ...setting,
    value: printable(setting.value),
  }));
}

/** The name of the variable that says it, and the file it stands in. */
export function sourceOf(examination: Examination, names: readonly string[]): string {
  const { env, file } = examination;
  const name = names.find((candidate) => env.has(candidate));
  if (name === undefined) return 'default';
  const isInFile = file !== undefined && process.env[name] === undefined;
  return isInFile ? `${name} in ${file.path}` : name;
}

/** Without what may be a secret: the query, and a path of one's own. */
export function shownUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  const isUsual = pathname === '/v1/logs' || pathname === '/otlp/v1/logs';
  return `${origin}${isUsual ? pathname : '/...'}`;
}

function pair(suffix: string): readonly string[] {
  return [`OTEL_EXPORTER_OTLP_LOGS_${suffix}`, `OTEL_EXPORTER_OTLP_${suffix}`];
}

function proxySetting(name: string, url: string | undefined, from: string): Setting[] {
  if (url === undefined) return [];
  return [{ name, value: url === unusableProxy ? 'no address' : new URL(url).origin, from }];
}

function credentials(examination: Examination): Setting[] {
  const { headers, settings } = examination.config.endpoint ?? {};
  return Object.entries(headers ?? {}).map(([name, value]) => ({
    name: name === 'authorization' ? 'credentials' : `header ${name}`,
    value: name === 'authorization' ? kindOf(value) : '***',
    from: sourceOf(examination, [settings?.credentials ?? '']),
  }));
}

/** `Basic, user of 6 digits, token glc_***` */
function kindOf(authorization: string): string {
  const [scheme = '', rest = ''] = authorization.split(/\s+/, 2);
  if (rest === '') return '***';
  if (scheme.toLowerCase() !== 'basic') return `${scheme} ***`;
  const [user = '', ...token] = Buffer.from(rest, 'base64').toString().split(':');
  const kind = /^gl(?:c|sa)_/i.exec(token.join(':'))?.[0].toLowerCase() ?? '';
  const who = /^\d+$/.test(user) ? `of ${user.length} digits` : 'that is no number';
  return `Basic, user ${who}, token ${kind}***`;
}

function certificates(examination: Examination): Setting[] {
  const { certificate, clientCertificate, clientKey } = examination.config.endpoint ?? {};
  const given = [
    ['certificate authorities', certificate, 'CERTIFICATE'],
    ['client certificate', clientCertificate, 'CLIENT_CERTIFICATE'],
    ['client key', clientKey, 'CLIENT_KEY'],
  ] as const;
  return given.flatMap(([name, value, suffix]) =>
    value === undefined ? [] : [{ name, value, from: sourceOf(examination, pair(suffix)) }],
  );
}

/** Public variables that are set and stand nowhere above. */
function others(examination: Examination, told: readonly Setting[]): Setting[] {
  const { env } = examination;
  const sources = told.map(({ from }) => from.split(/[ =]/)[0]);
  return variables.flatMap(({ kind, names, secret }) => {
    const name = names.find((candidate) => env.has(candidate));
    if (name === undefined || secret || sources.includes(name)) return [];
    const value = env.text(name) ?? '';
    const shown = kind === 'url' ? (URL.parse(value)?.origin ?? '***') : value;
    return [{ name, value: shown, from: sourceOf(examination, [name]) }];
  });
}
