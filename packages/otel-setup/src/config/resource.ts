// The resource: lean, because Loki makes index labels of it. Code, then environment, platform, package.json.

import type { ConfigOptions, ResourceValue } from './config-options.ts';
import type { Environment } from './environment.ts';
import type { Findings, Setting } from './findings.ts';
import type { Host } from './host.ts';
import { nearestPackage } from './package-json.ts';
import type { Platform } from './platform.ts';

export type Resource = Readonly<Record<string, ResourceValue>>;

/** What an OpenTelemetry SDK must say of itself: that of `@opentelemetry/sdk-logs`. */
const sdk = {
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.version': '3.1.0',
};

export function buildResource(
  options: ConfigOptions,
  env: Environment,
  host: Host,
  platform: Platform,
  findings: Findings,
): Resource {
  const written = env.setting('OTEL_RESOURCE_ATTRIBUTES');
  const given = present({
    ...(written === undefined ? {} : parseAttributes(written, findings)),
    ...present({ 'service.name': env.text('OTEL_SERVICE_NAME') }),
    ...options.resourceAttributes,
    ...present({
      'service.name': options.serviceName,
      'service.version': options.serviceVersion,
      'service.namespace': options.serviceNamespace,
      'deployment.environment.name': options.environment,
    }),
  });
  const commit = platform.commit?.(host.env);
  const found = present({
    'service.version': commit,
    ...present(platform.attributes(host)),
    ...given,
  });
  const named = found['service.name'] === undefined || found['service.version'] === undefined;
  const application = named ? nearestPackage(host) : undefined;
  const all = present({
    'service.name': application?.name ?? 'unknown_service:node',
    'service.version': application?.version,
    ...(commit === found['service.version'] ? {} : { 'vcs.ref.head.revision': commit }),
    ...found,
    ...sdk,
  });
  return Object.freeze({ ...all, 'service.instance.id': instanceId(all, host, platform) });
}

/**
 * One per process: a late replay needs a stream of its own, which an id that survives restarts
 * does not give. An id that was given stays as it is.
 */
function instanceId(attributes: Resource, host: Host, platform: Platform): ResourceValue {
  const given = attributes['service.instance.id'];
  if (given !== undefined) return given;
  const pod = attributes['k8s.pod.name'];
  const instance = typeof pod === 'string' ? pod : platform.instance(host);
  const random = host.randomId();
  return instance === undefined || instance === '' ? random : `${instance}-${random.slice(0, 8)}`;
}

/** Entry by entry: a wrong one is told and left out, the others are kept. */
function parseAttributes(setting: Setting, findings: Findings): Record<string, string> {
  const attributes: [string, string][] = [];
  const wrong: number[] = [];
  for (const [index, entry] of setting.value.split(',').entries()) {
    if (entry.trim() === '') continue;
    const parsed = parseEntry(entry);
    if (parsed === undefined) wrong.push(index + 1);
    else attributes.push(parsed);
  }
  if (wrong.length > 0) {
    const entries = wrong.length === 1 ? `entry ${wrong[0]} is` : `entries ${wrong.join(', ')} are`;
    findings.problem(
      setting.origin,
      `${setting.name}: ${entries} not key=value with percent-encoding, and left out. Encode "," as %2C, "=" as %3D and "%" as %25.${unfilled(setting.value)}`,
    );
  }
  return Object.fromEntries(attributes);
}

// Kubernetes leaves `$(POD_NAME)` as it is when the name is declared later or nowhere.
const reference = /^\$\([A-Z_]\w*\)$/i;

function unfilled(text: string): string {
  const values = text.split(',').map((entry) => entry.slice(entry.indexOf('=') + 1).trim());
  const found = values.filter((value) => reference.test(value));
  return found.length === 0
    ? ''
    : ` Nothing filled in ${found.join(' and ')}: on Kubernetes declare that variable in the same container, before this one.`;
}

function parseEntry(entry: string): [string, string] | undefined {
  const split = entry.indexOf('=');
  if (split < 0) return undefined;
  try {
    const key = decodeURIComponent(entry.slice(0, split).trim());
    const value = decodeURIComponent(entry.slice(split + 1).trim());
    return key === '' || reference.test(value) ? undefined : [key, value];
  } catch {
    return undefined;
  }
}

/** Without undefined and blank entries. */
function present(
  attributes: Readonly<Record<string, ResourceValue | undefined>>,
): Record<string, ResourceValue> {
  const entries = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined || value === '') return [];
    return [[key, typeof value === 'object' ? Object.freeze([...value]) : value] as const];
  });
  return Object.fromEntries(entries);
}
