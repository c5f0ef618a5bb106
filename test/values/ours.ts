// otel-setup, as an application starts it.

import { init } from 'otel-setup';
import type { Pipeline } from './pipeline.ts';

export function start(): Pipeline {
  const { logger, loggerProvider, flush } = init();
  return { logger, loggerProvider, init, flush };
}
