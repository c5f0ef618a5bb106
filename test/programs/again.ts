// Calls init() a second time with what is in the arguments, and prints what it throws.
import { ConfigError, init } from 'otel-setup';
import winston from 'winston';

const given: Readonly<Record<string, unknown>> = {
  module: { logger: winston },
  console: { logger: console },
  nothing: null,
  silent: { logger: winston.createLogger({ silent: true }) },
};
init();
try {
  init(given[process.argv[2] ?? ''] as never);
  winston.info('by the default logger');
  process.stdout.write('started\n');
} catch (error) {
  if (!(error instanceof ConfigError)) {
    throw error;
  }
  process.stdout.write(`${error.code}\n`);
}
