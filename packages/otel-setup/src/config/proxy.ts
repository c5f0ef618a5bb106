// The proxy variables, in both cases; lower case wins, as in curl and undici.

import { isForbiddenAddress } from './address.ts';
import type { Config } from './config.ts';
import type { Env } from './environment.ts';
import type { Findings } from './findings.ts';

/** RFC 6761: never resolves. Records wait in the spool rather than go around a proxy that nobody can read. */
export const unusableProxy = 'http://unusable-proxy.invalid:1';

export function readProxy(env: Env, findings: Findings): Config['proxy'] {
  // In a CGI process HTTP_PROXY is the request's header "Proxy" (httpoxy).
  const httpNames =
    env.REQUEST_METHOD === undefined ? ['http_proxy', 'HTTP_PROXY'] : ['http_proxy'];
  return Object.freeze({
    http: readOne(httpNames, env, findings),
    https: readOne(['https_proxy', 'HTTPS_PROXY'], env, findings),
    no: nameOf(['no_proxy', 'NO_PROXY'], env)?.value,
  });
}

function readOne(names: readonly string[], env: Env, findings: Findings): string | undefined {
  const found = nameOf(names, env);
  if (found === undefined) return undefined;
  const url = parse(found.value);
  if (url !== null && !isForbiddenAddress(url.hostname)) return url.href;
  findings.problem(
    'environment',
    `${found.name} must be http://host:port or https://host:port, got something else. Records wait until it is right: they never go around a proxy.`,
  );
  return unusableProxy;
}

function parse(value: string): URL | null {
  const isWhole = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const url = URL.parse(isWhole ? value : `http://${value}`);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null;
  // `htp:/proxy` is a mistyped scheme, not a host with a path.
  return isWhole || url.pathname === '/' ? url : null;
}

function nameOf(names: readonly string[], env: Env): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}
