// Logs one hundred records and an error, says that it is ready, and ends in the way its argument names.
const ours = process.argv[3] !== 'control';
const { logger, shutdown } = ours
  ? (await import('otel-setup')).init()
  : { logger: { info: () => undefined, error: () => undefined }, shutdown: () => undefined };

for (let id = 0; id < 100; id++) {
  logger.info('before the end', { id });
}
logger.error('the end', { id: 100 });

if (process.argv[2] === 'handled-signal') {
  process.on('SIGTERM', () => {
    process.stdout.write('handled\n');
    process.exit(7);
  });
}
process.stdout.write('ready\n');
switch (process.argv[2]) {
  case 'natural':
    break;
  case 'shutdown':
    await shutdown();
    break;
  case 'exit':
    process.exit(3);
    break;
  case 'throw':
    throw new Error('uncaught');
  case 'rejection':
    await Promise.reject(new Error('unhandled'));
    break;
  default:
    setInterval(() => undefined, 1_000);
}
