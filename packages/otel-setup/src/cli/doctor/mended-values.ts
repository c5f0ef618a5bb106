// Settings as they should be, made of those that are there: no placeholder ever stands over a value that is right.

import { isPublicHost } from '../../config/address.ts';
import { loadConfig } from '../../config/load-config.ts';
import { isOnKubernetes } from '../../config/platform.ts';
import { variables } from '../../config/variables.ts';
import { exampleOf } from '../env/examples.ts';
import type { Examination } from './examination.ts';
import { endpointSetting, ownUrl, urlSetting, withScheme } from './own-url.ts';
import { authorization, example, removal, setting, variablesFile } from './paste.ts';

const gateway = 'https://otlp-gateway-<zone>.grafana.net/otlp';
const cloud = ['GRAFANA_CLOUD_INSTANCE_ID', 'GRAFANA_CLOUD_API_KEY'];

/** By what else is set. */
export function chosenRoute(examination: Examination): string[] {
  const { host } = examination;
  const { route } = loadConfig({}, { ...host, env: { ...host.env, LOG_ROUTE: undefined } });
  return route === 'none'
    ? [`npx otel-setup env --route direct >> ${variablesFile(examination)}`]
    : [setting('LOG_ROUTE', route)];
}

/** Its default, which counts already; without one it is better away. */
export function byDefault(examination: Examination, name: string): string[] {
  const hasDefault = /=[^<]/.test(exampleOf(name) ?? '');
  return hasDefault ? example(name) : [removal(name, examination)];
}

export function bareValue(examination: Examination, name: string): string[] {
  const repaired = repairedUrl(examination, name, '');
  if (repaired.length > 0) return [...repaired];
  const value = shownValue(name, examination.env.text(name) ?? '');
  return value === undefined ? example(name) : [setting(name, value)];
}

/** Undefined where it is a secret, or may hold one. */
export function shownValue(name: string, value: string): string | undefined {
  const variable = variables.find(({ names }) => names.includes(name));
  if (variable === undefined || variable.secret) return undefined;
  // The password in an address, and a path or query that may be a key.
  const mayHold = variable.kind === 'url' && /[@?#]|^(?:\w+:\/\/)?[^/]*\/.*[^/]{20}/.test(value);
  return mayHold ? undefined : value;
}

/** `NAME` holds `OTHER=value`. */
export function misplacedLine({ env, host }: Examination, name: string, other: string): string[] {
  const line = host.env[name]?.replace(/["']/g, '') ?? '';
  const value = shownValue(other, /[=:]\s*(.*)/.exec(line)?.[1]?.trim() ?? '');
  const moved = value === undefined ? example(other) : [setting(other, value)];
  return [...(env.has(other) ? [] : moved), ...example(name)];
}

/** Those of the sentence that are not there. */
export function missingSettings(
  { env }: Examination,
  names: string,
  rest: string,
): readonly string[] {
  const alsoNeeded = /^\. The route direct needs it/.test(rest) ? cloud : [];
  if (alsoNeeded.length > 0 && env.has('ALLOY_OTLP_ENDPOINT')) return ['LOG_ROUTE=alloy'];
  const all = [...names.split(' and '), ...alsoNeeded];
  return all.filter((name) => !env.has(name)).flatMap(example);
}

/** Beside other headers, which cannot be shown, the pair of variables does the same. */
export function missingAuthorization({ env }: Examination, name: string): string[] {
  return env.has(name) ? cloud.flatMap(example) : [authorization(name, 'instance id:token')];
}

export function missingClientFile({ env }: Examination, what: string): string[] {
  const [absent, present] =
    what === 'key' ? ['CLIENT_KEY', 'CLIENT_CERTIFICATE'] : ['CLIENT_CERTIFICATE', 'CLIENT_KEY'];
  const forLogs = 'OTEL_EXPORTER_OTLP_LOGS_';
  const prefix = env.has(`${forLogs}${present}`) ? forLogs : 'OTEL_EXPORTER_OTLP_';
  return [setting(`${prefix}${absent}`, '<path of a PEM file>')];
}

/** What cannot be decoded is encoded; what has no key was behind a comma of the value before it. */
export function encodedEntries({ env }: Examination, name: string): string[] {
  const entries: string[] = [];
  for (const entry of (env.text(name) ?? '').split(',')) {
    const last = entries.length - 1;
    const encoded = entry.trim().replace(/%(?![0-9a-f]{2})/gi, '%25');
    if (encoded.includes('=') || last < 0) entries.push(encoded);
    else if (encoded !== '') entries[last] = `${entries[last]}%2C${encoded}`;
  }
  const whole = entries.filter((entry) => /^[^=]+=./.test(entry) && !/\$\(\w+\)/.test(entry));
  return whole.length === 0 ? example(name) : [setting(name, whole.join(','))];
}

/** Grafana Cloud's address, on the route by way of Alloy. */
export function cloudInstead(examination: Examination, name: string): string[] {
  const { env } = examination;
  const url = ownUrl(name, examination);
  const isAlloys = name === 'ALLOY_OTLP_ENDPOINT' && url !== undefined;
  const moved = isAlloys
    ? [
        setting('GRAFANA_CLOUD_OTLP_ENDPOINT', `https://${url.host}/otlp`),
        removal(name, examination),
      ]
    : [];
  const needed = isAlloys ? cloud.filter((each) => !env.has(each)) : [];
  return ['LOG_ROUTE=direct', ...moved, ...needed.flatMap(example)];
}

/** Alloy where the Loki was looked for: at its usual port. */
export function alloyBeside(examination: Examination, name: string): string[] {
  const host = ownUrl(name, examination)?.hostname || '<host>';
  return [setting(name, `http://${host}:4318${name.endsWith('_LOGS_ENDPOINT') ? '/v1/logs' : ''}`)];
}

export function overHttps(examination: Examination, name: string): string[] {
  const url = ownUrl(name, examination);
  return url === undefined ? example(name) : [urlSetting(name, withScheme(url, 'https'))];
}

export function otherScheme(examination: Examination, name: string): string[] {
  const url = ownUrl(name, examination);
  const { hostname } = URL.parse(`http://${url?.host ?? ''}`) ?? {};
  if (url === undefined || !hostname) return example(name);
  const isPublic = isPublicHost(hostname, isOnKubernetes(examination.host.env));
  return [urlSetting(name, withScheme(url, isPublic ? 'https' : 'http'))];
}

export function gatewayInstead(_examination: Examination, name: string): string[] {
  return [gatewaySetting(name)];
}

/** The zone cannot be known from here. */
export function gatewaySetting(name: string): string {
  return setting(name, name.endsWith('_LOGS_ENDPOINT') ? `${gateway}/v1/logs` : gateway);
}

/** As it was read, which says the same without a repair. */
export function repairedUrl(
  { config, env }: Examination,
  name: string,
  repairs: string,
): readonly string[] {
  const { endpoint } = config;
  if (endpoint === undefined || endpoint.settings.url !== name) return [];
  const url = endpointSetting(name, new URL(endpoint.url));
  const isTakenOut = repairs.includes('the user and password in the URL were taken out');
  return isTakenOut ? [url, ...credentialsOf(name).filter((line) => !isSet(line, env))] : [url];
}

/** What belongs to an endpoint's variable instead of a user and password within it. */
function credentialsOf(name: string): string[] {
  if (name === 'GRAFANA_CLOUD_OTLP_ENDPOINT') return cloud.flatMap(example);
  return [authorization(name.replace(/ENDPOINT$/, 'HEADERS'), 'user:password')];
}

function isSet(line: string, env: Examination['env']): boolean {
  return env.has(line.split('=')[0] ?? '');
}
