// Delivers what is in the spool, then prints the ledger.
import { init } from 'otel-setup';

const { flush, stats } = init();
const total = Number(process.argv[2]);
const deadline = Date.now() + 20_000;
while (stats().adopted.delivered < total && Date.now() < deadline) {
  await flush(100);
  await new Promise((resolve) => setTimeout(resolve, 25));
}
process.stdout.write(`${JSON.stringify(stats())}\n`);
