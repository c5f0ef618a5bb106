// What the cases run on: otel-setup, or the upstream parts.

import type { LoggerProvider } from '@opentelemetry/api';
import type { Logger } from 'winston';

export interface Pipeline {
  readonly logger: Logger;
  readonly loggerProvider: LoggerProvider;
  /** Brings a logger of the application's own to the pipeline. */
  init(options: { logger: Logger }): unknown;
  flush(): Promise<unknown>;
}
