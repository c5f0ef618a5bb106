// Logs one record, and says at its end what became of it.
const { init } = require('otel-setup');
const { logger, flush, stats } = init();
logger.info('once');
flush(1_000).then(() => {
  const { accepted, delivered, pending } = stats();
  process.stdout.write(JSON.stringify({ accepted, delivered, pending }));
});
