// Logs three records of different levels and prints the route and the ledger.
import { init } from 'otel-setup';

const { logger, route, flush, stats } = init();
logger.info('one', { id: 1 });
logger.warn('two', { id: 2 });
logger.error('three', { id: 3 });
const { pending } = await flush(Number(process.argv[2] ?? 1_000));
process.stdout.write(`\n${JSON.stringify({ route, pending, stats: stats() })}\n`);
