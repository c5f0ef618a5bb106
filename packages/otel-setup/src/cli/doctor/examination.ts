// What the doctor looks at: the configuration as an application would read it here, and where else to ask.

import type { Config, Endpoint } from '../../config/config.ts';
import { Environment } from '../../config/environment.ts';
import { Findings } from '../../config/findings.ts';
import type { Host } from '../../config/host.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { RouteNames } from '../../deliver/trouble.ts';
import { secretsOf } from '../../sending.ts';
import type { World } from '../../world.ts';
import { hostWith, type VariablesFile } from '../variables-file.ts';

export interface Visit {
  readonly route: 'direct' | 'alloy' | undefined;
  readonly file: VariablesFile | undefined;
  /** Where Alloy shows its own pages, without a slash at the end. */
  readonly alloyUrl: string | undefined;
  /** Ms that each step may take. */
  readonly stepMs: number;
}

export interface Examination extends Visit {
  readonly config: Config;
  readonly host: Host;
  /** Whether a variable is set, and where. */
  readonly env: Environment;
  readonly world: World;
}

/** An examination that has a route to look at. */
export interface RouteExamination extends Examination {
  readonly endpoint: Endpoint;
  readonly names: RouteNames;
  /** What no line may repeat. */
  readonly secrets: readonly string[];
}

export function beginExamination(visit: Visit, world: World): Examination {
  // The command's own package is not the application.
  const host = { ...hostWith(visit.file), argv1: undefined };
  const options = visit.route === undefined ? {} : { route: visit.route };
  const config = loadConfig(options, host);
  return { ...visit, config, host, env: new Environment(host.env, new Findings()), world };
}

/** Undefined where records go nowhere. */
export function withRoute(examination: Examination): RouteExamination | undefined {
  const { config } = examination;
  const { endpoint, route } = config;
  if (endpoint === undefined || route === 'none') return undefined;
  const { origin } = new URL(endpoint.url);
  return {
    ...examination,
    endpoint,
    names: { routeName: route, origin, settings: endpoint.settings },
    secrets: secretsOf(endpoint),
  };
}
