// For an application with `import` that logs with pino: node --import ./telemetry.mjs server.js

import { register } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { init } from 'otel-setup';

// Sees what is imported; without it no record of pino's arrives.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const { loggerProvider } = init();
registerInstrumentations({ instrumentations: [new PinoInstrumentation()], loggerProvider });
