// Preloaded: whatever OpenTelemetry has to say goes to standard error.

import { writeSync } from 'node:fs';
import { DiagLogLevel, diag } from '@opentelemetry/api';

const print = (message: string, ...args: unknown[]): void => {
  writeSync(2, `diag: ${[message, ...args].map(String).join(' ')}\n`);
};
diag.setLogger(
  { error: print, warn: print, info: print, debug: print, verbose: print },
  { logLevel: DiagLogLevel.ALL },
);
