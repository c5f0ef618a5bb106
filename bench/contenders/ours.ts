// otel-setup as an application uses it: init() and an environment.

import { type InitOptions, init } from 'otel-setup';
import type { Contender, Setting } from '../contender.ts';
import { message } from '../record.ts';

export function setupWith(
  durability: 'record' | 'memory',
  setting: Setting,
  options: InitOptions = {},
  console: 'json' | 'off' = 'off',
): Contender {
  Object.assign(process.env, {
    LOG_ROUTE: 'alloy',
    ALLOY_OTLP_ENDPOINT: setting.endpoint,
    LOG_DURABILITY: durability,
    LOG_CONSOLE: console,
    ...(durability === 'record' ? { LOG_SPOOL_DIR: setting.directory } : {}),
    OTEL_SERVICE_NAME: 'bench',
  });
  const telemetry = init(options);
  const { logger } = telemetry;
  return {
    info: (fields) => void logger.info(message, fields),
    debug: (fields) => void logger.debug(message, fields),
    flush: async () => void (await telemetry.flush(60_000)),
    end: async () => {
      await telemetry.flush(60_000);
      await telemetry.shutdown();
    },
    dropped: () => Object.values(telemetry.stats().dropped).reduce((sum, count) => sum + count, 0),
  };
}
