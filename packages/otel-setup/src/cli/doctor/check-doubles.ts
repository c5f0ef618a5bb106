// Who else may take the records: other LoggerProviders, other ways to Loki, a collector of the console.

import { findInstrumentation } from './check-packages.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, warning } from './finding.ts';
import { declaredIn } from './installed.ts';
import { setting, withEntry } from './paste.ts';

const oldTransports = ['winston-loki', 'winston-grafana-loki', '@miketako3/winston-loki'];

/** Packages that bring a LoggerProvider. */
const sdks = [
  '@opentelemetry/sdk-node',
  '@opentelemetry/auto-instrumentations-node',
  '@opentelemetry/sdk-logs',
];

export function checkDoubles(examination: Examination): Finding[] {
  const folder = examination.host.cwd();
  const declared = declaredIn(folder);
  const doubles = [
    ...oldLoki(declared),
    ...instrumentation(declared, examination),
    ...collectedConsole(examination),
  ];
  return [
    provider(declared, examination),
    ...(doubles.length > 0 ? doubles : [good('double', 'Nothing else takes the records to Loki.')]),
  ];
}

/** What the globals will hold follows from who registers first: this process is not the application. */
function provider(declared: ReadonlySet<string>, { host }: Examination): Finding {
  const options = host.env.NODE_OPTIONS ?? '';
  const isFirst = /@opentelemetry\/auto-instrumentations-node/.test(options);
  const sdk = sdks.find((name) => declared.has(name));
  if (sdk === undefined && !isFirst) {
    return good(
      'provider',
      'The one LoggerProvider is that of init(), as far as the dependencies tell.',
    );
  }
  const who = isFirst
    ? 'NODE_OPTIONS starts a NodeSDK before the application'
    : `${sdk} is among the dependencies`;
  return warning('provider', {
    code: 'OTEL_SETUP_FOREIGN_PROVIDER',
    message: `${who}: where it registers a LoggerProvider before init(), other OpenTelemetry log sources use that one. winston records go through otel-setup all the same.`,
    fix: 'To bring the others here too call init() first, give init().processor to that provider, or let NodeSDK send no logs.',
    paste: [setting('NODE_OPTIONS', `--import otel-setup/register ${options}`.trim())],
  });
}

function oldLoki(declared: ReadonlySet<string>): Finding[] {
  return oldTransports
    .filter((name) => declared.has(name))
    .map((name) =>
      warning('double', {
        code: 'OTEL_SETUP_DOUBLE_LOGGING',
        message: `${name} is among the dependencies: a logger that has its transport as well sends each record to Loki twice.`,
        fix: "Take its transport out of the logger's list, and the package away.",
        paste: [`npm uninstall ${name}`],
      }),
    );
}

function instrumentation(declared: ReadonlySet<string>, examination: Examination): Finding[] {
  const found = findInstrumentation(declared, examination.host.cwd());
  if (found === undefined) return [];
  return [
    warning('double', {
      code: 'OTEL_SETUP_DOUBLE_LOGGING',
      message: `${found.name} ${found.version} puts a transport of its own into each winston logger. init() removes it where it leads to otel-setup; where it leads to another provider, each record is sent twice.`,
      fix: 'Switch off its sending of logs: span ids are added without it.',
      paste: [withEntry('OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'winston', examination)],
    }),
  ];
}

function collectedConsole({ config }: Examination): Finding[] {
  if (config.platform.name !== 'kubernetes') return [];
  if (config.logger.console === 'off') {
    return [
      good(
        'double',
        "The console of init()'s logger is off. A logger of the application's own keeps its console, and a collector of the pods' output finds that one.",
      ),
    ];
  }
  return [
    warning('double', {
      code: 'OTEL_SETUP_CONSOLE_COLLECTED',
      message:
        "The console is on, in a pod: where a collector reads the pods' output as well, each record is in Loki twice.",
      fix: "Leave this pod out of that collection, by the annotation on its template and the rule of docs/kubernetes.md; or switch the console off. LOG_CONSOLE does that for init()'s logger only: out of one of your own take the Console transport.",
      paste: ['otel-setup/logs: otlp', 'LOG_CONSOLE=off'],
    }),
  ];
}
