// A service that logs with pino: OpenTelemetry's instrumentation brings its records to our provider.

const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { PinoInstrumentation } = require('@opentelemetry/instrumentation-pino');
const { init } = require('otel-setup');

const { loggerProvider } = init();
registerInstrumentations({ instrumentations: [new PinoInstrumentation()], loggerProvider });

// Only now: the instrumentation sees what is required after it.
const { createServer } = require('node:http');
const { json } = require('node:stream/consumers');
const pino = require('pino');

const logger = pino();

const server = createServer(async (request, response) => {
  const { orderId } = await json(request);
  if (orderId === 13) {
    logger.error(new RangeError('no order has this number'), 'request failed');
  } else {
    logger.info({ orderId }, 'order placed');
  }
  response.writeHead(orderId === 13 ? 500 : 201).end();
});

server.listen(Number(process.argv[2] ?? 3000), () => {
  logger.info({ port: server.address().port }, 'listening');
});
