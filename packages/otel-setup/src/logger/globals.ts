// The OpenTelemetry globals: one LoggerProvider in both, and never at the cost of the application's own API.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getCallSites } from 'node:util';
import { type DiagLogger, DiagLogLevel, diag, logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Notice } from '../errors.ts';
import type { Clock } from '../world.ts';

/** The exact version under which our copy of the API registers (`dependencies` in package.json). */
const ownVersion = '1.10.0';

const apiSymbol = Symbol.for('opentelemetry.js.api.1');
/** On a provider of ours, whichever copy of this package made it. */
const ownSymbol: unique symbol = Symbol.for('otel-setup.provider') as never;

export interface GlobalsHost {
  /** The application's main file, or any file in the directory where its packages are looked up. */
  readonly mainFile: string;
  /** Hears what OpenTelemetry's packages say by `diag`, where nobody else does. */
  readonly diag?: { readonly logger: DiagLogger; readonly level: DiagLevel } | undefined;
  /** Where nothing tells which API the application has. @default whether ours cannot be found as a package */
  readonly isBundled?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Hears what becomes known later, in a bundle. */
  readonly notice?: ((notice: Notice) => void) | undefined;
}

export type DiagLevel = 'none' | 'error' | 'warn' | 'info' | 'debug';

const diagLevels = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
} as const;

interface ApiGlobal {
  readonly version?: string;
  readonly diag?: unknown;
  readonly logs?: unknown;
}

/**
 * Registers `provider` in the global of `api-logs` and, where that harms nobody, in that of `api`;
 * each result is checked. Returns what a person has to know.
 */
export function registerGlobals(provider: LoggerProvider, host: GlobalsHost): Notice[] {
  const legacy = legacyLogs.setGlobalLoggerProvider(provider);
  Object.defineProperty(provider, ownSymbol, { value: true });
  const foreign = legacy === provider ? [] : ['@opentelemetry/api-logs'];
  const registered = apiGlobal()?.version;
  const installed = installedVersion(host.mainFile);
  const notices = copyNotices(registered, installed);
  const version = registered ?? installed;
  if (version === undefined && (host.isBundled ?? isBundled())) {
    joinLater(provider, host, 0);
  } else if (version !== undefined && version !== ownVersion) {
    notices.push(otherVersion(version, registered === undefined ? 'installed' : 'registered'));
  } else if (!joinApi(provider, host)) {
    foreign.push('@opentelemetry/api');
  }
  if (foreign.length > 0)
    notices.push(foreignProvider(foreign.join(' and '), 'call init() first, or '));
  return notices;
}

/** False where another provider was first. */
function joinApi(provider: LoggerProvider, host: GlobalsHost): boolean {
  // Asked first: the attempt would be an error in the application's own diag logger.
  const isFree = apiGlobal()?.logs === undefined;
  const isOurs =
    isFree && logs.setGlobalLoggerProvider(provider) && logs.getLoggerProvider() === provider;
  connectDiag(host);
  return isOurs;
}

// Most applications start their tracing in the same turn as ours.
const looksMs = [0, 1_000, 10_000, 60_000] as const;

/** Whoever registers first fixes the version for all: where the application's is not known, that is never us. */
function joinLater(provider: LoggerProvider, host: GlobalsHost, index: number): void {
  const delayMs = looksMs[index];
  if (delayMs === undefined) return;
  const timer = host.clock?.setTimeout(() => {
    const version = apiGlobal()?.version;
    if (version === undefined) return joinLater(provider, host, index + 1);
    if (version !== ownVersion) return host.notice?.(otherVersion(version, 'registered'));
    if (!joinApi(provider, host)) host.notice?.(foreignProvider('@opentelemetry/api', ''));
  }, delayMs);
  timer?.unref();
}

/** One file that holds the packages of both: no lookup finds ours, and the application's may be another version. */
function isBundled(): boolean {
  try {
    const here = getCallSites(1, { sourceMap: false })[0]?.scriptName ?? '';
    createRequire(here).resolve('@opentelemetry/api');
    return false;
  } catch {
    // Neither beside this file nor above it.
    return true;
  }
}

/** Nobody loses a logger to ours: where one is set it stays, and one that is set later takes its place. */
function connectDiag({ diag: given }: GlobalsHost): void {
  if (given === undefined || given.level === 'none' || apiGlobal()?.diag !== undefined) return;
  diag.setLogger(given.logger, {
    logLevel: diagLevels[given.level],
    suppressOverrideMessage: true,
  });
}

/** Whether what is logged through api-logs, as OpenTelemetry's winston transport does, comes to us. */
export function leadsToUs(): boolean {
  return (legacyLogs.getLoggerProvider() as { [ownSymbol]?: true })[ownSymbol] === true;
}

/** @param first what the application can do besides; nothing in a bundle, where we wait for it. */
function foreignProvider(name: string, first: string): Notice {
  return {
    code: 'OTEL_SETUP_FOREIGN_PROVIDER',
    level: 'info',
    message:
      `Another LoggerProvider is registered in ${name}: other OpenTelemetry log sources use that one. ` +
      `winston records go through otel-setup all the same. To bring the others here too, ${first}give init().processor to that provider.`,
  };
}

/**
 * The first to register fixes the version for all: a global made by 1.10 would make every registration
 * of an application's 1.9 fail, tracing included (measured).
 */
function otherVersion(version: string, from: string): Notice {
  return {
    code: 'OTEL_SETUP_API_VERSION',
    level: 'info',
    message:
      `The application uses @opentelemetry/api ${version} (${from}), otel-setup ${ownVersion}: ` +
      "the LoggerProvider is registered for @opentelemetry/api-logs only. winston records are not concerned, and what OpenTelemetry's packages say by diag is not heard here; " +
      `to collect other OpenTelemetry logs as well, use @opentelemetry/api ${ownVersion}.`,
  };
}

/** Two copies of unequal versions: the one may not be able to register, or even to read, what the other made. */
function copyNotices(registered: string | undefined, installed: string | undefined): Notice[] {
  if (registered === undefined || installed === undefined || registered === installed) return [];
  const isBlind = minorOf(installed) > minorOf(registered);
  return [
    {
      code: 'OTEL_SETUP_API_COPIES',
      level: isBlind ? 'warn' : 'info',
      message:
        `Two copies of @opentelemetry/api: ${registered} made the globals, the application's own is ${installed} and ` +
        (isBlind
          ? 'sees none of them: no spans, no metrics. '
          : 'cannot register anything beside them. ') +
        'Keep one version: npm ls @opentelemetry/api names who brings the other; then npm dedupe, or "overrides" in package.json.',
    },
  ];
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function apiGlobal(): ApiGlobal | undefined {
  return (globalThis as { [apiSymbol]?: ApiGlobal })[apiSymbol];
}

function installedVersion(mainFile: string): string | undefined {
  try {
    const entry = createRequire(mainFile).resolve('@opentelemetry/api');
    for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
      const version = packageVersion(join(folder, 'package.json'));
      if (version !== undefined) {
        return version;
      }
    }
  } catch {
    // The application has no API of its own: there is nobody to harm.
  }
  return undefined;
}

function packageVersion(path: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const { name, version } = parsed as { name?: unknown; version?: unknown };
    return name === '@opentelemetry/api' && typeof version === 'string' ? version : undefined;
  } catch {
    // Not every folder on the way up has a package.json of this package.
    return undefined;
  }
}
