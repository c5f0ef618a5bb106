// What a variable may look like, to be pasted and filled in.

import { variables } from '../../config/variables.ts';

const examples: Readonly<Record<string, string>> = {
  LOG_ROUTE: 'direct',
  GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway-<zone>.grafana.net/otlp',
  GRAFANA_CLOUD_INSTANCE_ID: '<instance id>',
  GRAFANA_CLOUD_API_KEY: '<token glc_...>',
  ALLOY_OTLP_ENDPOINT: 'http://localhost:4318',
  OTEL_SERVICE_NAME: '<name>',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp-gateway-<zone>.grafana.net/otlp',
  OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20<base64 of instance id:token>',
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://<loki>:3100/otlp/v1/logs',
  OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'X-Scope-OrgID=<tenant>',
  OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: '<path of a PEM file>',
  OTEL_EXPORTER_OTLP_CERTIFICATE: '<path of a PEM file>',
  OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: '<path of a PEM file>',
  OTEL_EXPORTER_OTLP_CLIENT_KEY: '<path of a PEM file>',
  OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE: '<path of a PEM file>',
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '<path of a PEM file>',
  LOG_SPOOL_DIR: '/var/lib/<service>/spool',
  LOG_PROCESSING: '<path of a JSON file>',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=<name>',
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '<number>',
};

/** `NAME=value`; undefined for a name that is none of ours. */
export function exampleOf(name: string): string | undefined {
  const variable = variables.find(({ names }) => names.includes(name));
  if (variable === undefined) return undefined;
  const byDefault = /^`([^`]*)`/.exec(variable.default)?.[1];
  const value = examples[name] ?? byDefault ?? variable.values?.[0] ?? '<value>';
  return `${name}=${value}`;
}
