// Which proxy, if any, stands before an address: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as curl reads
// them.

import { BlockList, isIP } from 'node:net';

export interface ProxySettings {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly no: string | undefined;
}

export interface ProxyServer {
  readonly url: URL;
  /** The value of Proxy-Authorization; a secret. */
  readonly authorization: string | undefined;
}

export const noAddress = 'the proxy setting is no address';

/** The proxy for the address; `invalid` where one is due and its setting cannot be read. */
export function proxyFor(
  target: URL,
  settings: ProxySettings,
): ProxyServer | 'invalid' | undefined {
  const setting = target.protocol === 'https:' ? settings.https : settings.http;
  if (setting === undefined || setting.trim() === '') return undefined;
  if (isExempt(target, settings.no ?? '')) return undefined;
  try {
    const value = setting.trim();
    const url = new URL(value.includes('://') ? value : `http://${value}`);
    const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
    // The configuration's word for a setting that it could not read.
    if (!isHttp || url.hostname.endsWith('.invalid')) return 'invalid';
    return { url, authorization: basic(url) };
  } catch {
    // Its text may hold credentials, so nothing of it is told.
    return 'invalid';
  }
}

function basic(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function isExempt(target: URL, noProxy: string): boolean {
  const host = hostOf(target).toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  const withPort = /^(.*[^:]):(\d+)$/.exec(entry);
  if (withPort !== null && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? entry).replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  if (isIP(host) !== 0) return name === host || isInRange(name, host);
  return host === name || host.endsWith(`.${name}`);
}

function isInRange(range: string, host: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits) || isIP(network) !== isIP(host)) return false;
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, family);
}

/** A URL's host without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
