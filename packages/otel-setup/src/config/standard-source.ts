// The standard OTEL_EXPORTER_OTLP_* variables, the ones for logs before the general ones.

import { isGrafanaHost } from './address.ts';
import type { EndpointForm } from './endpoint-path.ts';
import { hostOf, isLokiUrl } from './endpoint-url.ts';
import type { Environment } from './environment.ts';
import type { Setting } from './findings.ts';
import { parseHeaders } from './headers.ts';
import { type Certificates, type Inputs, optionCertificates, type Source } from './source.ts';

const endpoints: readonly (readonly [string, EndpointForm])[] = [
  ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'exact'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'base'],
];

export const standardNames: readonly string[] = endpoints.map(([name]) => name);

/** The standard endpoint that counts for logs. */
export function standardEndpoint(env: Environment): Setting | undefined {
  return env.setting(...standardNames);
}

export function isOnGrafana(setting: Setting | undefined): boolean {
  return setting !== undefined && isGrafanaHost(hostOf(setting.value) ?? '');
}

/** Grafana Cloud's, or a Loki of one's own: what the route `direct` is for. */
export function isLokis(setting: Setting | undefined): boolean {
  return isOnGrafana(setting) || (setting !== undefined && isLokiUrl(setting.value));
}

/** The first standard endpoint on, or off, Grafana Cloud, with the headers that belong to it. */
export function standardSource(inputs: Inputs, where: 'grafana' | 'elsewhere'): Source | undefined {
  const { env, findings } = inputs;
  for (const [name, form] of endpoints) {
    const url = env.setting(name);
    if (url === undefined || isOnGrafana(url) !== (where === 'grafana')) continue;
    const forLogs = 'OTEL_EXPORTER_OTLP_LOGS_HEADERS';
    const general = 'OTEL_EXPORTER_OTLP_HEADERS';
    const names = isAlone(env, url) ? [forLogs] : [general, forLogs];
    return {
      url,
      form,
      headers: () => {
        const parts = names.flatMap((header) => env.setting(header) ?? []);
        return Object.assign({}, ...parts.map((part) => parseHeaders(part, findings)));
      },
      certificates: optionCertificates(inputs) ?? certificatesOf(env, !isAlone(env, url)),
      credentialsName: env.has(forLogs) ? forLogs : general,
    };
  }
  return undefined;
}

/**
 * The certificates for a route's own endpoint: the standard ones, as long as no standard endpoint
 * claims them (there are no others to set).
 */
export function ownCertificates(inputs: Inputs): Certificates {
  const given = optionCertificates(inputs);
  if (given !== undefined) return given;
  if (standardEndpoint(inputs.env) === undefined) return certificatesOf(inputs.env, true);
  return { certificate: undefined, clientKey: undefined, clientCertificate: undefined };
}

/** The endpoint for logs stands alone when the general one, and so its headers, is another server's. */
function isAlone(env: Environment, url: Setting): boolean {
  const general = env.setting('OTEL_EXPORTER_OTLP_ENDPOINT');
  return (
    general !== undefined &&
    general.name !== url.name &&
    hostOf(general.value) !== hostOf(url.value)
  );
}

function certificatesOf(env: Environment, withGeneral: boolean): Certificates {
  const read = (suffix: string): string | undefined => {
    const names = [`OTEL_EXPORTER_OTLP_LOGS_${suffix}`, `OTEL_EXPORTER_OTLP_${suffix}`];
    return env.text(...(withGeneral ? names : names.slice(0, 1)));
  };
  return {
    certificate: read('CERTIFICATE'),
    clientKey: read('CLIENT_KEY'),
    clientCertificate: read('CLIENT_CERTIFICATE'),
  };
}
