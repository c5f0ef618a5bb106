// The command line, read and checked.

import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import type { InboxOptions } from './inbox.ts';

export interface Settings {
  readonly inbox: InboxOptions;
  readonly fault: Fault | undefined;
  readonly json: boolean;
  readonly metadata: boolean;
  /** It listens beyond this machine. */
  readonly isOpen: boolean;
}

/** The call is wrong; the message says how it would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const helpText = `otlp-inbox: receives OTLP/HTTP logs and shows each record as Grafana Loki would store it

Usage: otlp-inbox [options]

  --port N            port to listen on, 0 for any free one           (4318)
  --host ADDRESS      address to listen on                            (127.0.0.1)
  --metadata          show index labels and structured metadata beneath each line
  --json              one JSON object a record, for pipes
  --auth USER:PASS    answer 401 to requests without this Basic credential
  --fault KIND[:N]    slow:MS, hang, cut, lost-answer, partial:N, html, garbage, blocked,
                      retry-after:SECONDS, or a status (401, 413, 503)
  --no-rules          store whatever can be decoded, without Loki's rules
  --max-bytes N       bytes of memory for the newest records          (67108864)
  --journal FILE      append one line of JSON per request
  --help

Examples:
  otlp-inbox                                  # then: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
  otlp-inbox --json | jq -r .line             # only the lines
  otlp-inbox --auth 123456:glc_test           # behave like Grafana Cloud's gateway
  otlp-inbox --fault retry-after:5            # answer 429 with Retry-After: 5`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  metadata: { type: 'boolean' },
  json: { type: 'boolean' },
  auth: { type: 'string' },
  fault: { type: 'string' },
  'no-rules': { type: 'boolean' },
  'max-bytes': { type: 'string' },
  journal: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function readArguments(args: readonly string[]): Settings | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const host = values.host ?? '127.0.0.1';
  if (isIP(host) === 0 && host !== 'localhost') {
    throw new UsageError(`--host takes an address such as 127.0.0.1 or ::1, got ${host}.`);
  }
  return {
    inbox: {
      port: count('--port', values.port ?? '4318', 65_535),
      host,
      ...(values.auth === undefined ? {} : { auth: credential(values.auth) }),
      ...(values['no-rules'] === true ? { rules: 'none' as const } : {}),
      ...(values['max-bytes'] === undefined
        ? {}
        : { maxBytes: count('--max-bytes', values['max-bytes'], Number.MAX_SAFE_INTEGER) }),
      ...(values.journal === undefined ? {} : { journal: values.journal }),
    },
    fault: values.fault === undefined ? undefined : readFault(values.fault),
    json: values.json === true,
    metadata: values.metadata === true,
    isOpen: !(host === 'localhost' || host === '::1' || host.startsWith('127.')),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See otlp-inbox --help.`, { cause: error });
  }
}

function count(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max && text.trim() !== '') return value;
  throw new UsageError(`${name} takes a whole number from 0 to ${max}, got ${text}.`);
}

function credential(text: string): { username: string; password: string } {
  const colon = text.indexOf(':');
  if (colon < 0) throw new UsageError('--auth takes USER:PASSWORD.');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function readFault(text: string): Fault {
  const [kind = '', value = ''] = text.split(/:(.*)/s);
  const number = (fallback: number) => (value === '' ? fallback : count('--fault', value, 2 ** 31));
  switch (kind) {
    case 'slow':
      return { type: 'slow', ms: number(1_000) };
    case 'partial':
      return { type: 'partial', rejected: number(1) };
    case 'retry-after':
      return { type: 'retry-after', value: value === '' ? '5' : value };
    case 'hang':
    case 'cut':
    case 'lost-answer':
    case 'html':
    case 'garbage':
    case 'blocked':
      return { type: kind };
  }
  const status = Number(kind);
  if (Number.isInteger(status) && status >= 200 && status <= 599) return { type: 'status', status };
  throw new UsageError(`--fault does not know ${kind}. See otlp-inbox --help.`);
}
