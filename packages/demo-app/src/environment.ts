// The environment that the shop gets: the user's own where it names a real endpoint for the route, else
// one that leads both routes to an inbox, with made-up credentials for each.

export type Route = 'direct' | 'alloy';
export type Environment = Readonly<Record<string, string | undefined>>;

/** Not real: the inbox asks for exactly these on the direct route. */
export const direct = { username: '123456', password: 'glc_not-a-real-token' };
/** Not real: travels on the Alloy route, and on no other. */
export const alloyHeader = { name: 'x-alloy-key', value: 'not-a-real-key' };

/** The settings that make a route real, by route; routes without are missing. */
export function realRoutes(env: Environment): Partial<Record<Route, string>> {
  const routes: Partial<Record<Route, string>> = {};
  const token = env.GRAFANA_CLOUD_API_KEY ?? env.GRAFANA_CLOUD_API_TOKEN;
  if (env.GRAFANA_CLOUD_OTLP_ENDPOINT && env.GRAFANA_CLOUD_INSTANCE_ID && token) {
    routes.direct = 'GRAFANA_CLOUD_OTLP_ENDPOINT';
  }
  if (env.ALLOY_OTLP_ENDPOINT) {
    routes.alloy = 'ALLOY_OTLP_ENDPOINT';
  }
  const standard = ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(
    (name) => env[name],
  );
  if (standard !== undefined) {
    const isCloud = /^https?:\/\/[^/]*\bgrafana\.net(?:[:/]|$)/i.test(env[standard] ?? '');
    const chosen = env.LOG_ROUTE === 'direct' ? 'direct' : 'alloy';
    routes[isCloud ? 'direct' : chosen] ??= standard;
  }
  return routes;
}

/** What the user may set although the records stay here. */
const kept = /^(?:LOG_LEVEL|LOG_DURABILITY|OTEL_LOG_LEVEL|OTEL_EXPORTER_OTLP_LOGS_PROTOCOL)$/;
const ours = /^(?:OTEL_|LOG_|LOKI_|GRAFANA_|ALLOY_|(?:https?|all|no)_proxy$)/i;

/** Both routes as they would be set up side by side; `LOG_ROUTE` alone decides between them. */
export function inboxEnvironment(
  env: Environment,
  inboxes: Readonly<Record<Route, string>>,
): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => kept.test(name) || !ours.test(name));
  return {
    ...Object.fromEntries(others),
    GRAFANA_CLOUD_OTLP_ENDPOINT: `${inboxes.direct}/otlp`,
    GRAFANA_CLOUD_INSTANCE_ID: direct.username,
    GRAFANA_CLOUD_API_KEY: direct.password,
    ALLOY_OTLP_ENDPOINT: inboxes.alloy,
    ALLOY_OTLP_HEADERS: `${alloyHeader.name}=${alloyHeader.value}`,
  };
}

/** The user's resource attributes with ours behind them: what a later entry names wins. */
export function withResource(
  env: NodeJS.ProcessEnv,
  attributes: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const added = Object.entries(attributes).map(
    ([key, value]) => `${key}=${encodeURIComponent(value)}`,
  );
  const before = env.OTEL_RESOURCE_ATTRIBUTES;
  return {
    ...env,
    OTEL_RESOURCE_ATTRIBUTES: [...(before ? [before] : []), ...added].join(','),
  };
}
