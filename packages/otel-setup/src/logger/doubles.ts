// Who else sends an application's records: found when its logger joins, and named.

import type { Logger } from 'winston';
import type { Notice } from '../errors.ts';
import { leadsToUs } from './globals.ts';

interface TransportLike {
  readonly name?: unknown;
  readonly silent?: unknown;
  readonly host?: unknown;
  readonly path?: unknown;
}

const openTelemetryTransport = 'OpenTelemetryTransportV3';

/** To be asked before our transport joins: one notice for all that would bring records twice. */
export function doubleNotices(logger: Logger): Notice[] {
  const found = logger.transports.flatMap(describe);
  const wrong = found.filter(({ isPutRight }) => !isPutRight);
  const putRight = found.filter(({ isPutRight }) => isPutRight);
  const notices: Notice[] = [];
  if (wrong.length > 0) notices.push(noticeOf('warn', wrong));
  if (putRight.length > 0) notices.push(noticeOf('debug', putRight));
  return notices;
}

interface Double {
  readonly text: string;
  readonly isPutRight: boolean;
}

function noticeOf(level: Notice['level'], doubles: readonly Double[]): Notice {
  const texts = new Set(doubles.map(({ text }) => text));
  return { code: 'OTEL_SETUP_DOUBLE_LOGGING', level, message: [...texts].join(' ') };
}

function describe(transport: object): Double[] {
  const kind = transport.constructor?.name ?? '';
  const { silent } = transport as TransportLike;
  if (silent === true) return [];
  if (kind === openTelemetryTransport) return [openTelemetryDouble()];
  if (!/loki/i.test(kind) && !sendsToLoki(kind, transport)) return [];
  return [
    {
      text:
        `The logger has a transport ${kind} beside ours: each record arrives in Loki twice. ` +
        'Take it out of the list of transports; otel-setup does its work.',
      isPutRight: false,
    },
  ];
}

function openTelemetryDouble(): Double {
  if (leadsToUs()) {
    return {
      text: `A transport ${openTelemetryTransport} was taken out of the logger: it leads to otel-setup, too, and each record would arrive twice.`,
      isPutRight: true,
    };
  }
  return {
    text:
      `The logger has a transport ${openTelemetryTransport} that leads to another LoggerProvider: where that sends to the same Loki, each record arrives twice. ` +
      'Take it out, or set disableLogSending: true for @opentelemetry/instrumentation-winston (OTEL_NODE_DISABLED_INSTRUMENTATIONS=winston).',
    isPutRight: false,
  };
}

/** winston's own transport for HTTP, where its address is one of Loki's or an OTLP receiver's. */
function sendsToLoki(kind: string, transport: TransportLike): boolean {
  if (kind !== 'Http') return false;
  const address = `${String(transport.host ?? '')}/${String(transport.path ?? '')}`;
  return /loki|grafana\.net|v1\/logs/i.test(address);
}

/**
 * In a pod a collector may read what the console prints: said once, where there is a console. LOG_CONSOLE rules the one
 * of init()'s logger only.
 */
export function consoleNotices(
  logger: Logger,
  isOnKubernetes: boolean,
  isGiven: boolean,
): Notice[] {
  const hasConsole = logger.transports.some(
    (transport) => transport.constructor.name === 'Console' && transport.silent !== true,
  );
  if (!isOnKubernetes || !hasConsole) return [];
  return [
    {
      code: 'OTEL_SETUP_CONSOLE_COLLECTED',
      level: 'info',
      message:
        "The logger prints to the console as well, in a pod: where a collector (Alloy, k8s-monitoring) reads the pods' output, each record is in Loki twice. " +
        'Leave this pod out of that collection (docs/kubernetes.md has the rule for Alloy: annotation otel-setup/logs: otlp), ' +
        (isGiven
          ? "or take the Console transport out of the logger, which is the application's own: LOG_CONSOLE does not reach it."
          : 'or set LOG_CONSOLE=off.'),
    },
  ];
}
