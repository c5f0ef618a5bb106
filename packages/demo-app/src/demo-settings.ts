// What the demo's user asked for, by arguments and variables.

import { parseArgs } from 'node:util';
import { type Environment, type Route, realRoutes } from './environment.ts';

export const usage = `npm run demo -- [options]

A small shop, its visitors, and its logs as they arrive.

  --seconds N   end after N seconds (otherwise: Ctrl-C)
  --rate N      requests a second, 1 to 50 (default 4)
  --metadata    show labels and structured metadata under each record

LOG_ROUTE chooses the route: direct, alloy or none (default: direct). Without credentials both
routes lead to a local inbox that stores records as Loki would.
`;

export interface DemoSettings {
  readonly seconds: number | undefined;
  readonly rate: number;
  readonly metadata: boolean;
  readonly route: Route | 'none';
  /** Whether `LOG_ROUTE` says so. */
  readonly isChosen: boolean;
  /** The variable that names a real endpoint for the route; undefined: the inbox stands in for it. */
  readonly endpointFrom: string | undefined;
}

/** The settings, or what to tell instead of starting. */
export function readSettings(args: readonly string[], env: Environment): DemoSettings | string {
  const route = readRoute(env);
  if (route === undefined) {
    const got = JSON.stringify(env.LOG_ROUTE);
    return `LOG_ROUTE must be "direct", "alloy" or "none", got ${got}.\n`;
  }
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        rate: { type: 'string', default: '4' },
        metadata: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return usage;
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    const rate = Number(values.rate);
    if (!(rate >= 1 && rate <= 50)) return '--rate must be a number from 1 to 50.\n';
    if (seconds !== undefined && !(seconds > 0)) return '--seconds must be a number above 0.\n';
    const endpointFrom = route === 'none' ? undefined : realRoutes(env)[route];
    const isChosen = Boolean(env.LOG_ROUTE);
    return { seconds, rate, metadata: values.metadata, route, isChosen, endpointFrom };
  } catch (error) {
    return `${(error as Error).message}\n\n${usage}`;
  }
}

/** As the SDK chooses: what is set says where, direct first; here the inbox makes up for nothing at all. */
function readRoute(env: Environment): Route | 'none' | undefined {
  const { direct, alloy } = realRoutes(env);
  const route = env.LOG_ROUTE || (direct === undefined && alloy !== undefined ? 'alloy' : 'direct');
  return route === 'direct' || route === 'alloy' || route === 'none' ? route : undefined;
}

/** The demo's first line: which way the logs go, and why. */
export function heading(settings: DemoSettings, inboxUrl: string): string {
  const { route, isChosen, endpointFrom } = settings;
  const chosen = `LOG_ROUTE=${route}${isChosen ? '' : ' (not set: the default here)'}`;
  if (route === 'none') return `${chosen}: the shop's logs stay on its console.`;
  if (endpointFrom !== undefined) {
    return `${chosen}: the shop's logs go to what ${endpointFrom} names; below is its console.`;
  }
  const missing = route === 'direct' ? 'Grafana Cloud credentials are' : 'ALLOY_OTLP_ENDPOINT is';
  return `${chosen}: ${missing} not set, so the shop's logs go to a local inbox (${inboxUrl}) that stores them as Loki would.`;
}
