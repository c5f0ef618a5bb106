// The same calls through otel-setup. Arguments: endpoint, number of calls, directory for the spool.

import { once } from 'node:events';
import { setup } from '../contenders/ours-record.ts';
import { fields } from '../record.ts';

const [endpoint = '', calls = '', directory = ''] = process.argv.slice(2);
const contender = await setup({ endpoint, directory });
const took: number[] = [];
for (let number = 0; number < Number(calls); number += 1) {
  const began = performance.now();
  contender.info(fields(number));
  took.push(performance.now() - began);
}
process.stdout.write(JSON.stringify(took));
// The endpoint may be away until the driver says that it is back.
await once(process.stdin, 'end');
await contender.end();
