// Addresses of the user's own, mended: without what may be a secret, in the form that their variable wants.

import { quoted } from '../quoted.ts';
import type { Examination } from './examination.ts';
import { setting } from './paste.ts';

const usualPaths: ReadonlySet<string> = new Set(['/', '/otlp', '/v1/logs', '/otlp/v1/logs']);

/** As it is set; undefined where it is no URL. */
export function ownUrl(name: string, { env }: Examination): URL | undefined {
  return URL.parse(env.text(name) ?? '') ?? undefined;
}

/** `url` is that of the POST: a variable for logs holds it whole, all others its base. */
export function endpointSetting(name: string, url: URL): string {
  const isWhole = name.endsWith('_LOGS_ENDPOINT');
  const path = isWhole ? url.pathname : url.pathname.replace(/\/v1\/logs$/, '');
  return setting(name, shown(url, path));
}

export function urlSetting(name: string, url: URL): string {
  return setting(name, shown(url, url.pathname));
}

/** With another path. */
export function withPath(url: URL, path: string): URL {
  return new URL(path, url.origin);
}

export function withScheme(url: URL, scheme: 'http' | 'https'): URL {
  return new URL(url.href.replace(/^[^:]+(?=:)/, scheme));
}

export function publicUrl(url: URL): string {
  return quoted(shown(url, url.pathname));
}

/** A path of one's own, and a query, may be a key. */
function shown({ host, protocol, search }: URL, path: string): string {
  const shownPath = usualPaths.has(path) || path === '' ? path.replace(/\/$/, '') : '/<same path>';
  return `${protocol}//${host}${shownPath}${search === '' ? '' : '?<same query>'}`;
}
