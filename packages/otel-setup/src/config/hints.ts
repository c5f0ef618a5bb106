// What looks like a mistake without being one for sure: names misspelt, settings without effect.

import type { Config } from './config.ts';
import type { Env, Environment } from './environment.ts';
import type { Findings } from './findings.ts';
import { nearestWord } from './misspelt.ts';
import { variableNames } from './variables.ts';

/** One notice for all names that are one letter, or only their case, away from a variable that is not set. */
export function hintMisspelt(env: Env, environment: Environment, findings: Findings): void {
  const known = new Set(variableNames);
  const hints = Object.keys(env).flatMap((name) => {
    if (known.has(name) || !environment.has(name)) return [];
    const upper = name.toUpperCase().replaceAll('-', '_');
    const meant = known.has(upper) ? upper : nearestWord(upper, variableNames);
    return meant === undefined || environment.has(meant) ? [] : [`${name} (${meant}?)`];
  });
  if (hints.length === 0) return;
  findings.notice(
    'OTEL_SETUP_MISSPELT',
    'warn',
    `Not read, and perhaps misspelt: ${hints.join(', ')}.`,
  );
}

/** One notice for all that is set and has no effect; quiet while no route is chosen. */
export function hintUnused(
  env: Environment,
  config: Pick<Config, 'route' | 'routeReason' | 'endpoint' | 'pipeline' | 'spool' | 'rules'>,
  findings: Findings,
): void {
  const hints = [
    ...batchProcessorHints(env, config.pipeline),
    ...headerHints(env, config.endpoint),
    ...routeHints(env, config),
    ...spoolHints(env, config),
    ...ruleHints(config),
  ];
  if (config.route === 'none' || hints.length === 0) return;
  findings.notice('OTEL_SETUP_UNUSED', 'warn', `Set, but without effect: ${hints.join('; ')}.`);
}

const endpointNames = [
  'GRAFANA_CLOUD_OTLP_ENDPOINT',
  'ALLOY_OTLP_ENDPOINT',
  'LOKI_URL',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
];

/** What makes an application silent on purpose, and puzzles whoever set it months ago. */
export function hintSilence(
  env: Environment,
  config: Pick<Config, 'logger' | 'route' | 'routeReason'>,
  findings: Findings,
): void {
  if (config.route === 'none') hintConsole(env, config, findings);
  else
    hintLevel(config.logger.level, env.has('LOG_LEVEL') ? 'LOG_LEVEL' : 'option level', findings);
}

function hintConsole(
  env: Environment,
  { routeReason }: Pick<Config, 'routeReason'>,
  findings: Findings,
): void {
  const named = [...endpointNames, 'LOG_ROUTE'].find(
    (name) => env.has(name) && !routeReason.startsWith(name),
  );
  if (named === undefined || !/^(?:OTEL_|LOG_ROUTE=none)/.test(routeReason)) return;
  findings.notice(
    'OTEL_SETUP_DISABLED',
    'info',
    `Logs stay on the console: ${routeReason}, though ${named} is set. Remove ${routeReason.split('=')[0]} to send them.`,
  );
}

/** Below it nothing is logged at all; whoever set it may have forgotten. */
function hintLevel(level: string, setting: string, findings: Findings): void {
  if (level !== 'error' && level !== 'warn') return;
  const set = setting === 'LOG_LEVEL' ? `LOG_LEVEL=${level}` : `${setting} is "${level}"`;
  findings.notice(
    'OTEL_SETUP_LEVEL',
    'info',
    `${set}: logger.info() and all else below ${level} is neither printed nor sent. LOG_LEVEL=info lets it through.`,
  );
}

function batchProcessorHints(env: Environment, pipeline: Config['pipeline']): string[] {
  const names = variableNames.filter((name) => name.startsWith('OTEL_BLRP_') && env.has(name));
  if (names.length === 0 || pipeline === 'reference') return [];
  return [
    `${names.join(', ')} (only for OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json: records wait in the spool here, not in a queue that drops)`,
  ];
}

function headerHints(env: Environment, endpoint: Config['endpoint']): string[] {
  const hints: string[] = [];
  const standard = ['OTEL_EXPORTER_OTLP_LOGS_', 'OTEL_EXPORTER_OTLP_'];
  const hasStandard = standard.some((prefix) => env.has(`${prefix}ENDPOINT`));
  for (const name of standard.map((prefix) => `${prefix}HEADERS`)) {
    if (env.has(name) && !hasStandard) {
      hints.push(`${name} (it belongs to OTEL_EXPORTER_OTLP_ENDPOINT, which is not set)`);
    }
  }
  if (env.has('LOKI_AUTH') && !env.has('LOKI_URL')) {
    hints.push('LOKI_AUTH (it belongs to LOKI_URL, which is not set)');
  }
  if (env.has('ALLOY_OTLP_HEADERS') && endpoint?.settings.url === 'option alloy.endpoint') {
    hints.push(
      'ALLOY_OTLP_HEADERS (endpoint and headers travel as one set: pass alloy.headers too)',
    );
  }
  return hints;
}

function routeHints(
  env: Environment,
  { route, routeReason }: Pick<Config, 'route' | 'routeReason'>,
): string[] {
  const chosenByItself = routeReason.endsWith(' is set');
  if (route !== 'direct' || !chosenByItself || !env.has('ALLOY_OTLP_ENDPOINT')) return [];
  return [
    `ALLOY_OTLP_ENDPOINT (the route is direct because ${routeReason}; LOG_ROUTE=alloy uses it)`,
  ];
}

function ruleHints({ pipeline, rules }: Pick<Config, 'pipeline' | 'rules'>): string[] {
  return pipeline === 'reference' && rules.length > 0
    ? [
        'processing rules (the reference pipeline has none: OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json)',
      ]
    : [];
}

function spoolHints(env: Environment, { spool }: Pick<Config, 'spool'>): string[] {
  if (spool.durability !== 'memory') return [];
  return ['LOG_SPOOL_DIR', 'LOG_SPOOL_MAX_BYTES']
    .filter((name) => env.has(name))
    .map((name) => `${name} (LOG_DURABILITY=memory keeps nothing on disk)`);
}
