// The direct route: Grafana Cloud's own variables, the standard ones, then a Loki of one's own.

import type { Credentials } from './credentials.ts';
import type { Setting } from './findings.ts';
import { type Inputs, optionSetting, type Source } from './source.ts';
import { isOnGrafana, ownCertificates, standardNames, standardSource } from './standard-source.ts';

const urlName = 'GRAFANA_CLOUD_OTLP_ENDPOINT';
const keyNames = ['GRAFANA_CLOUD_API_KEY', 'GRAFANA_CLOUD_API_TOKEN'] as const;

/** Undefined where nothing serves the route; why is told. */
export function directSource(inputs: Inputs): Source | undefined {
  const own = grafanaCloud(inputs);
  if (own !== undefined) return own;
  const credentials = grafanaCredentials(inputs, true);
  const standard = standardSource(inputs, 'grafana');
  const partial = credentials.id ?? credentials.key;
  if (standard !== undefined) {
    return partial === undefined ? standard : { ...standard, credentials };
  }
  const loki = lokiSource(inputs);
  if (loki !== undefined) return loki;
  const other = partial === undefined ? standardSource(inputs, 'elsewhere') : undefined;
  if (other === undefined) tellMissing(inputs, partial);
  return other;
}

/** Nothing where an endpoint is set: what is wrong with it was told when it was read. */
function tellMissing({ env, findings }: Inputs, partial: Setting | undefined): void {
  const names = partial === undefined ? [urlName, 'LOKI_URL', ...standardNames] : [urlName];
  if (names.some((name) => env.has(name))) return;
  const next =
    partial === undefined
      ? '. The route direct needs it, with GRAFANA_CLOUD_INSTANCE_ID and GRAFANA_CLOUD_API_KEY; set them, or use LOG_ROUTE=alloy.'
      : `, and ${partial.name} alone is not enough. Set it to https://otlp-gateway-<zone>.grafana.net/otlp, from the stack page, OpenTelemetry, Configure.`;
  findings.problem('environment', `${urlName} is missing${next}`);
}

function grafanaCloud(inputs: Inputs): Source | undefined {
  const { options, env, findings } = inputs;
  const inCode = optionSetting('grafanaCloud.endpoint', options.grafanaCloud?.endpoint, findings);
  const url = inCode ?? env.setting(urlName);
  if (url === undefined) return undefined;
  // The environment's token follows an endpoint from code only to Grafana Cloud itself.
  const credentials = grafanaCredentials(inputs, inCode === undefined || isOnGrafana(inCode));
  return {
    url,
    form: 'base',
    headers: () => ({}),
    credentials,
    certificates: ownCertificates(inputs),
    credentialsName: credentials.key?.name ?? credentials.keyName,
  };
}

function grafanaCredentials(
  { options, env, findings }: Inputs,
  withEnvironment: boolean,
): Credentials {
  const { instanceId, apiKey } = options.grafanaCloud ?? {};
  const id = optionSetting('grafanaCloud.instanceId', instanceId, findings);
  const key = optionSetting('grafanaCloud.apiKey', apiKey, findings);
  const names = { idName: 'GRAFANA_CLOUD_INSTANCE_ID', keyName: keyNames[0] };
  if (!withEnvironment) return { id, key, ...names };
  const [first, second] = keyNames.map((name) => env.setting(name));
  if (key === undefined && first && second && first.value !== second.value) {
    findings.problem(
      'environment',
      `${first.name} and ${second.name} are both set and differ. ${first.name} is used; remove the other.`,
    );
  }
  return { id: id ?? env.setting(names.idName), key: key ?? first ?? second, ...names };
}

function lokiSource(inputs: Inputs): Source | undefined {
  const { env, findings } = inputs;
  const url = env.setting('LOKI_URL');
  if (url === undefined) return undefined;
  const successors = isOnGrafana(url)
    ? 'GRAFANA_CLOUD_OTLP_ENDPOINT, GRAFANA_CLOUD_INSTANCE_ID and GRAFANA_CLOUD_API_KEY'
    : 'LOG_ROUTE=direct with OTEL_EXPORTER_OTLP_LOGS_ENDPOINT and OTEL_EXPORTER_OTLP_LOGS_HEADERS';
  findings.notice(
    'OTEL_SETUP_LOKI_MIGRATION',
    'info',
    `LOKI_URL is read for a migration: records go to the same host's OTLP endpoint, /otlp/v1/logs. Its successors are ${successors}; then remove LOKI_URL and LOKI_AUTH.`,
  );
  return {
    url,
    form: 'loki',
    headers: () => ({}),
    auth: env.setting('LOKI_AUTH'),
    certificates: ownCertificates(inputs),
    credentialsName: 'LOKI_AUTH',
  };
}
