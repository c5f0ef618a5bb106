// Which route, and why: for the start line.

import type { RouteName } from './config.ts';
import { type Inputs, optionSetting } from './source.ts';
import { isLokis, standardEndpoint, standardNames } from './standard-source.ts';

/** Why there is none, where nobody asked for that. */
export const noRoute = 'no route and no endpoint is set';

export interface RouteChoice {
  readonly route: RouteName;
  readonly reason: string;
}

const grafanaNames = [
  'GRAFANA_CLOUD_OTLP_ENDPOINT',
  'GRAFANA_CLOUD_INSTANCE_ID',
  'GRAFANA_CLOUD_API_KEY',
  'GRAFANA_CLOUD_API_TOKEN',
];

/** OTEL_SDK_DISABLED always wins; a route in code wins over every other variable. */
export function chooseRoute(inputs: Inputs): RouteChoice {
  const { options, env, findings } = inputs;
  if (env.isTrue('OTEL_SDK_DISABLED')) return { route: 'none', reason: 'OTEL_SDK_DISABLED=true' };
  if (options.route !== undefined) {
    return { route: options.route, reason: `route: '${options.route}' in code` };
  }
  const asked = env.has('LOG_ROUTE') ? (env.choice('LOG_ROUTE') ?? 'unreadable') : undefined;
  const exporter = readExporter(inputs);
  if (exporter === 'none' || exporter === 'console') {
    if (asked === 'direct' || asked === 'alloy') {
      findings.notice(
        'OTEL_SETUP_UNUSED',
        'warn',
        `LOG_ROUTE=${asked} is not used: OTEL_LOGS_EXPORTER=${exporter} keeps records on the console. Remove one of them.`,
      );
    }
    return { route: 'none', reason: `OTEL_LOGS_EXPORTER=${exporter}` };
  }
  if (asked === 'direct' || asked === 'alloy' || asked === 'none') {
    return { route: asked, reason: `LOG_ROUTE=${asked}` };
  }
  // Sending somewhere that nobody named would be worse than the console.
  if (asked !== undefined) return { route: 'none', reason: 'LOG_ROUTE names no route' };
  return byWhatIsSet(inputs);
}

function byWhatIsSet({ options, env, findings }: Inputs): RouteChoice {
  const inCode = optionSetting('endpoint', options.endpoint, findings);
  if (inCode !== undefined) {
    return { route: isLokis(inCode) ? 'direct' : 'alloy', reason: 'option endpoint is set' };
  }
  const { grafanaCloud = {}, alloy = {} } = options;
  if (Object.values(grafanaCloud).some(isGiven)) {
    return { route: 'direct', reason: 'option grafanaCloud is set' };
  }
  if (Object.values(alloy).some(isGiven)) return { route: 'alloy', reason: 'option alloy is set' };
  const standard = standardEndpoint(env);
  const direct =
    [...grafanaNames, 'LOKI_URL'].find((name) => env.has(name)) ??
    (isLokis(standard) ? standard?.name : undefined);
  if (direct !== undefined) return { route: 'direct', reason: `${direct} is set` };
  const alloyName = env.has('ALLOY_OTLP_ENDPOINT') ? 'ALLOY_OTLP_ENDPOINT' : standard?.name;
  if (alloyName !== undefined) return { route: 'alloy', reason: `${alloyName} is set` };
  const unreadable = standardNames.find((name) => env.has(name));
  if (unreadable !== undefined) return { route: 'none', reason: `no address in ${unreadable}` };
  return { route: 'none', reason: noRoute };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '';
}

/** A list, as the specification has it: `none` anywhere counts, `otlp` anywhere else sends. */
function readExporter({ env, findings }: Inputs): string | undefined {
  const setting = env.setting('OTEL_LOGS_EXPORTER');
  if (setting === undefined) return undefined;
  const parts = setting.value.split(',').map((part) => part.trim().toLowerCase());
  const found = ['none', 'otlp', 'console'].find((name) => parts.includes(name));
  if (found !== undefined) return found;
  findings.problem(
    'environment',
    'OTEL_LOGS_EXPORTER must be "otlp", "console" or "none"; ignored.',
  );
  return undefined;
}
