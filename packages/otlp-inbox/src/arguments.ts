// The command line, read and checked.

import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import { faultHelp, parseFault } from './fault-text.ts';
import type { InboxOptions } from './inbox.ts';

export interface Settings {
  readonly inbox: InboxOptions;
  readonly faults: readonly Fault[];
  readonly json: boolean;
  readonly metadata: boolean;
  /** It listens beyond this machine. */
  readonly isOpen: boolean;
}

/** The call is wrong; the message says how it would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const helpText: string = `otlp-inbox: receives OTLP/HTTP logs and shows each record as Grafana Loki would store it

Usage: otlp-inbox [options]

  --port N            port to listen on, 0 for any free one              (4318)
  --host ADDRESS      address to listen on                               (127.0.0.1)
  --metadata          index labels and structured metadata beneath each line
  --json              one JSON object a record, for pipes
  --auth USER:PASS    answer 401 to requests without this Basic credential
  --fault FAULT       misbehave; @P makes it likely to P (0 to 1); may be repeated
  --no-rules          store whatever can be decoded, without Loki's rules
  --max-bytes N       about the memory for the newest records, in bytes  (67108864)
  --journal FILE      append one line of JSON per request
  --help

In a terminal: m shows or hides metadata, q ends.

Faults:
${faultHelp}

Examples:
  otlp-inbox                                # then: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
  otlp-inbox --json | jq -r .line           # only the lines
  otlp-inbox --auth 123456:secret           # ask for credentials, as Grafana Cloud's gateway does
  otlp-inbox --fault retry-after:5          # 429 with Retry-After: 5
  otlp-inbox --fault 503@0.1 --fault cut@0.05`;

const options = {
  port: { type: 'string', default: '4318' },
  host: { type: 'string', default: '127.0.0.1' },
  metadata: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  auth: { type: 'string' },
  fault: { type: 'string', multiple: true },
  'no-rules': { type: 'boolean', default: false },
  'max-bytes': { type: 'string' },
  journal: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function readArguments(args: readonly string[]): Settings | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { auth, host, journal, 'max-bytes': maxBytes } = values;
  if (isIP(host) === 0 && host !== 'localhost') {
    throw new UsageError(`--host takes an address such as 127.0.0.1 or ::1, got ${host}.`);
  }
  return {
    inbox: {
      port: count('--port', values.port, 65_535),
      host,
      rules: values['no-rules'] ? 'none' : 'loki',
      ...(auth === undefined ? {} : { auth: credential(auth) }),
      ...(maxBytes === undefined
        ? {}
        : { maxBytes: count('--max-bytes', maxBytes, Number.MAX_SAFE_INTEGER) }),
      ...(journal === undefined ? {} : { journal }),
    },
    faults: (values.fault ?? []).map(fault),
    json: values.json,
    metadata: values.metadata,
    isOpen: !(host === 'localhost' || host === '::1' || host.startsWith('127.')),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    const { message } = error as Error;
    const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
    throw new UsageError(`${sentence} See otlp-inbox --help.`, { cause: error });
  }
}

function count(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new UsageError(`${name} takes a whole number from 0 to ${max}, got ${text}.`);
}

function credential(text: string): { username: string; password: string } {
  const colon = text.indexOf(':');
  if (colon < 0) throw new UsageError('--auth takes USER:PASSWORD.');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function fault(text: string): Fault {
  const parsed = parseFault(text);
  if (parsed !== undefined) return parsed;
  throw new UsageError(`--fault does not know ${text}. Those it knows:\n${faultHelp}`);
}
