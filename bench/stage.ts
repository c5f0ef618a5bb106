// What a trial needs around it: an endpoint of its own, a fresh directory on a disk, and their removal.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ContenderName } from './contender.ts';
import type { Task } from './program.ts';
import type { QuestionName, Sizes } from './question.ts';
import type { Endpoint, Receiver } from './receiver-client.ts';

export interface Stage {
  readonly receiver: Receiver;
  readonly sizes: Sizes;
  /** Where the contenders' directories are made. */
  readonly root: string;
}

/** Ids that a trial may use: more than any question logs. */
const capacity = 400_000;

export async function withStage<Result>(
  { receiver, sizes, root }: Stage,
  asked: { contender: ContenderName; question: QuestionName; mode?: string },
  run: (task: Task, endpoint: Endpoint) => Promise<Result>,
): Promise<Result> {
  const endpoint = await receiver.open(capacity);
  const directory = mkdtempSync(join(root, 'trial-'));
  try {
    return await run({ mode: '', ...asked, sizes, endpoint: endpoint.url, directory }, endpoint);
  } finally {
    await endpoint.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
