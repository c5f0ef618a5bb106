// Credentials of one route must not travel on the other: looked for in every header and path received.

import type { RequestEntry } from 'otlp-inbox';
import { alloyHeader, direct, type Route } from '../environment.ts';
import type { Checks } from './checks.ts';

const basic = `Basic ${Buffer.from(`${direct.username}:${direct.password}`).toString('base64')}`;

/** In any form in which they could leak. */
const secrets: Readonly<Record<Route, readonly string[]>> = {
  direct: [basic.slice('Basic '.length), direct.password],
  alloy: [alloyHeader.value, alloyHeader.name],
};

export function checkCredentials(
  route: Route,
  requests: readonly RequestEntry[],
  checks: Checks,
): void {
  checks.equal(`requests on ${route}`, requests.length, (count: unknown) => Number(count) > 0);
  for (const { n, method, path, headers } of requests) {
    const request = `request ${n} on ${route}`;
    const [own, expected] =
      route === 'direct'
        ? [headers.authorization, basic]
        : [headers[alloyHeader.name], alloyHeader.value];
    checks.equal(`${request}: its own credentials`, own === expected, true);
    checks.equal(`${request}: path`, `${method} ${path}`, `POST ${pathOf(route)}`);
    const text = JSON.stringify([path, headers]);
    const foreign = secrets[route === 'direct' ? 'alloy' : 'direct'];
    checks.equal(
      `${request}: credentials of the other route`,
      foreign.some((secret) => text.includes(secret)),
      false,
    );
  }
}

function pathOf(route: Route): string {
  return route === 'direct' ? '/otlp/v1/logs' : '/v1/logs';
}
