// The OpenTelemetry globals: one LoggerProvider in both, and never at the cost of the application's own API.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Notice } from '../errors.ts';

/** The exact version under which our copy of the API registers (`dependencies` in package.json). */
const ownVersion = '1.10.0';

const apiSymbol = Symbol.for('opentelemetry.js.api.1');
/** On a provider of ours, whichever copy of this package made it. */
const ownSymbol: unique symbol = Symbol.for('otel-setup.provider') as never;

export interface GlobalsHost {
  /** The application's main file, or any file in the directory where its packages are looked up. */
  readonly mainFile: string;
}

/**
 * Registers `provider` in the global of `api-logs` and, where that harms nobody, in that of `api`;
 * each result is checked. Returns what a person has to know.
 */
export function registerGlobals(provider: LoggerProvider, host: GlobalsHost): Notice[] {
  const notices: Notice[] = [];
  const legacy = legacyLogs.setGlobalLoggerProvider(provider);
  Object.defineProperty(provider, ownSymbol, { value: true });
  if (legacy !== provider) {
    notices.push(foreignProvider('@opentelemetry/api-logs'));
  }
  const api = apiVersion(host);
  if (api.version !== undefined && api.version !== ownVersion) {
    notices.push({
      code: 'OTEL_SETUP_API_VERSION',
      level: 'info',
      message:
        `The application uses @opentelemetry/api ${api.version} (${api.from}), otel-setup ${ownVersion}: ` +
        'the LoggerProvider is registered for @opentelemetry/api-logs only. winston records are not concerned; ' +
        `to collect other OpenTelemetry logs as well, use @opentelemetry/api ${ownVersion}.`,
    });
  } else if (!logs.setGlobalLoggerProvider(provider) || logs.getLoggerProvider() !== provider) {
    notices.push(foreignProvider('@opentelemetry/api'));
  }
  return notices;
}

/** Whether what is logged through api-logs, as OpenTelemetry's winston transport does, comes to us. */
export function leadsToUs(): boolean {
  return (legacyLogs.getLoggerProvider() as { [ownSymbol]?: true })[ownSymbol] === true;
}

function foreignProvider(name: string): Notice {
  return {
    code: 'OTEL_SETUP_FOREIGN_PROVIDER',
    level: 'info',
    message:
      `Another LoggerProvider is registered in ${name}: other OpenTelemetry log sources use that one. ` +
      'winston records go through otel-setup all the same. To bring the others here too, call init() first, ' +
      'or give init().processor to that provider.',
  };
}

/**
 * The API that the application has. The first to register fixes the version for all: a global made by
 * 1.10 would make every registration of an application's 1.9 fail, tracing included (measured).
 */
function apiVersion(host: GlobalsHost): { version: string | undefined; from: string } {
  const registered = (globalThis as { [apiSymbol]?: { version?: string } })[apiSymbol];
  if (registered?.version !== undefined) {
    return { version: registered.version, from: 'registered' };
  }
  return { version: installedVersion(host.mainFile), from: 'installed' };
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
