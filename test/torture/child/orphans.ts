// Makes many orphans at once: a pipeline of its own for each writer, all in this process, which then waits to be
// killed.

import { writeSync } from 'node:fs';
import type { Plan } from '../plan.ts';
import { Recorder } from './recorder.ts';
import { prepareSdk } from './sdk.ts';

export interface OrphansPlan extends Plan {
  readonly orphans: number;
  readonly records: number;
  readonly size: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as OrphansPlan;
const start = await prepareSdk({ ...plan, sdk: 'world' }, () => undefined);
process.setMaxListeners(0);
for (let index = 0; index < plan.orphans; index++) {
  const recorder = new Recorder({ ...plan, writer: `${plan.writer}-${index}` });
  recorder.start(start());
  for (let count = 0; count < plan.records; count++) recorder.log({ type: 'log', size: plan.size });
}
writeSync(1, 'made\n');
setInterval(() => undefined, 1_000);
