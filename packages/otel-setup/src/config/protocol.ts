// Which pipeline the protocol variables ask for. Only the form for logs can ask for the upstream parts.

import type { Environment } from './environment.ts';
import type { Findings } from './findings.ts';

/** `told`: whether a route is there that the notices would be about. */
export function readPipeline(
  env: Environment,
  findings: Findings,
  told: boolean,
): 'spool' | 'reference' {
  const forLogs = env.choice('OTEL_EXPORTER_OTLP_LOGS_PROTOCOL');
  const name =
    forLogs === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : 'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL';
  const protocol = forLogs ?? env.choice('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (told && protocol === 'grpc') {
    findings.notice(
      'OTEL_SETUP_PROTOCOL',
      'info',
      `${name}=grpc: logs are sent as http/protobuf, to port 4318 where 4317 is set.`,
    );
  }
  if (told && forLogs === undefined && protocol === 'http/json') {
    findings.notice(
      'OTEL_SETUP_PROTOCOL',
      'info',
      `${name}=http/json changes nothing for logs, which are sent as http/protobuf. OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json wires the upstream exporter.`,
    );
  }
  if (forLogs !== 'http/json') return 'spool';
  if (told) {
    findings.notice(
      'OTEL_SETUP_REFERENCE_PIPELINE',
      'warn',
      `${name}=http/json wires the upstream exporter and batch processor. They keep their own promises only: records are lost on a crash, an outage or a full queue.`,
    );
  }
  return 'reference';
}
