// Serves invocations as a function platform gives them: each line of standard input is logged, and answered after flush().
import { createInterface } from 'node:readline';
import { init } from 'otel-setup';

const { logger, flush } = init();
for await (const name of createInterface({ input: process.stdin })) {
  logger.info(name);
  if (!name.startsWith('unflushed')) await flush();
  process.stdout.write(`answered ${name}\n`);
}
