// An HTTP service with OpenTelemetry's auto-instrumentations and 200 requests at once. `ORDER` says
// who starts first: the application's tracing, or our logging. Each record carries the span that the
// application itself saw at the call, so that the two can be compared where they arrive.

const requests = 200;

function startTracing() {
  const { NodeSDK } = require('@opentelemetry/sdk-node');
  const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node');
  const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
  sdk.start();
  return sdk;
}

function startLogs() {
  return require('otel-setup').init();
}

/** A transport that finishes later, so that winston buffers and records leave in another context. */
function slowTransport() {
  const Transport = require('winston-transport');
  return new Transport({ log: (_info, done) => setImmediate(done) });
}

function serve(logger) {
  const http = require('node:http');
  const { trace } = require('@opentelemetry/api');
  const handle = async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    const { traceId, spanId } = trace.getActiveSpan().spanContext();
    logger.info('request handled', { n: Number(request.url.slice(1)), traceId, spanId });
    response.end('ok');
  };
  const server = http.createServer((request, response) => handle(request, response));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function get(port, n) {
  const http = require('node:http');
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: `/${n}`, agent: false });
    request.on('error', reject).on('response', (response) => response.resume().on('end', resolve));
  });
}

async function main() {
  let sdk;
  let telemetry;
  if (process.env.ORDER === 'tracing-first') {
    sdk = startTracing();
    telemetry = startLogs();
  } else {
    telemetry = startLogs();
    sdk = startTracing();
  }
  telemetry.logger.add(slowTransport());
  const server = await serve(telemetry.logger);
  const { port } = server.address();
  await Promise.all(Array.from({ length: requests }, (_, n) => get(port, n)));
  await new Promise((resolve) => server.close(resolve));
  const closed = await telemetry.shutdown();
  await sdk.shutdown();
  process.stdout.write(`${JSON.stringify({ ...closed, stats: telemetry.stats() })}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
