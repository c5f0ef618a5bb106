// A working console logger, and nothing else: no file, no socket, no timer, no listener.

import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Config } from './config/config.ts';
import { noRoute } from './config/route.ts';
import type { Health } from './health/health.ts';
import type { SpoolStats, Stats } from './health/stats.ts';
import type { FlushResult } from './telemetry.ts';

export interface ConsoleOnly {
  readonly loggerProvider: LoggerProvider;
  readonly processor: LogRecordProcessor;
  flush(): Promise<FlushResult>;
  stats(): Stats;
}

export const noSpool: SpoolStats = {
  mode: 'off',
  directory: undefined,
  pendingBytes: 0,
  diskBytes: 0,
  maxBytes: 0,
  oldestMs: undefined,
};

export function startConsoleOnly(config: Config, health: Health): ConsoleOnly {
  // Whoever sits before a terminal sees where the logs are.
  if (config.routeReason === noRoute && config.logger.console !== 'pretty') {
    health.notice({
      code: 'OTEL_SETUP_CONSOLE_ONLY',
      level: 'info',
      message: `Logs stay on the console: ${noRoute}. "npx otel-setup env --route direct" (or alloy) prints what to set; LOG_ROUTE=none leaves this line out.`,
    });
  }
  const processor: LogRecordProcessor = {
    onEmit: () => undefined,
    enabled: () => false,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return {
    loggerProvider: new LoggerProvider({
      resource: resourceFromAttributes({ ...config.resource }),
      processors: [processor],
    }),
    processor,
    flush: () => Promise.resolve({ delivered: 0, pending: 0 }),
    stats: () => health.stats(noSpool),
  };
}
