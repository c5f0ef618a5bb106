// The driver's side of questions/loss.ts: takes the endpoint away, ends processes, and starts them again where they
// left something on the disk.

import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ContenderName } from './contender.ts';
import type { Figures } from './question.ts';
import { outageMarginMs, outageRecords } from './questions/loss.ts';
import type { Endpoint } from './receiver-client.ts';
import { type Stage, withStage } from './stage.ts';
import { complete, quietMs, runTrial, type TrialResult } from './trial.ts';

/** Long enough for a new process to find and send what an earlier one left. */
const restartQuietMs = 8_000;

/** A process that has not ended by then will not end. */
const endLimitMs = 20_000;

const question = 'loss';

/** One contender, all modes but the outage: records lost, by mode. */
export async function losses(stage: Stage, contender: ContenderName): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const mode of ['burst', 'tight']) {
    const result = await withStage(stage, { contender, question, mode }, runTrial);
    Object.assign(figures, lost(mode, result, stage.sizes.burst));
  }
  for (const mode of ['exit', 'throw', 'sigterm']) {
    Object.assign(figures, await lossAtEnd(stage, contender, mode));
  }
  return figures;
}

/** An outage while the contender logs at a steady rate. May run beside others': it measures no time. */
export function lossInOutage(stage: Stage, contender: ContenderName): Promise<Figures> {
  return withStage(stage, { contender, question, mode: 'outage' }, async (task, endpoint) => {
    let over = Promise.resolve();
    const started = () => {
      over = takeAway(endpoint, stage.sizes.outageMs);
    };
    const result = await runTrial(task, endpoint, { started });
    await over;
    return lost('outage', result, outageRecords(stage.sizes));
  });
}

async function takeAway(endpoint: Endpoint, outageMs: number): Promise<void> {
  await setTimeout(outageMarginMs);
  await endpoint.stop();
  await setTimeout(outageMs);
  await endpoint.resume();
}

function lossAtEnd(stage: Stage, contender: ContenderName, mode: string): Promise<Figures> {
  return withStage(stage, { contender, question, mode }, async (task, endpoint) => {
    const { beforeEnd } = stage.sizes;
    const { hung } = await runTrial(task, endpoint, { limitMs: endLimitMs });
    let arrived = await endpoint.settle(beforeEnd, quietMs);
    if (arrived.received < beforeEnd && readdirSync(task.directory).length > 0) {
      const again = { ...task, mode: 'restart' };
      await runTrial(again, endpoint, { quietMs: restartQuietMs });
      arrived = await endpoint.settle(beforeEnd, 0);
    }
    const { received, duplicates } = arrived;
    return {
      [mode]: beforeEnd - received,
      [`${mode}Twice`]: duplicates,
      [`${mode}Hung`]: hung ? 1 : 0,
    };
  });
}

/** What was lost, what came twice, and what the library itself says it gave up. */
function lost(mode: string, result: TrialResult, logged: number): Figures {
  const { received, duplicates, admitted } = complete(result);
  const told = admitted === undefined ? {} : { [`${mode}Admitted`]: admitted };
  return { [mode]: logged - received, [`${mode}Twice`]: duplicates, ...told };
}
