// `npm run bench`: every contender on every question, interleaved, each trial in a process of its own.

import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { commandFolder, exitAt } from '../test/command-folder.ts';
import type { ContenderName } from './contender.ts';
import { losses, lossInOutage } from './loss-trial.ts';
import { type Plan, readPlan } from './plan.ts';
import type { Question, QuestionName } from './question.ts';
import { startReceiver } from './receiver-client.ts';
import { goalTable, peerTable, remarks } from './report.ts';
import { Results } from './results.ts';
import { type Stage, withStage } from './stage.ts';
import { complete, runTrial } from './trial.ts';

async function measure(plan: Plan, stage: Stage, results: Results): Promise<void> {
  for (const name of plan.questions) {
    if (name === 'loss') {
      await measureLosses(plan, stage, results);
      continue;
    }
    const { question } = (await import(`./questions/${name}.ts`)) as { question: Question };
    const rounds = question.runs(plan.rounds);
    for (let round = 1; round <= rounds; round += 1) {
      progress(`${name}, round ${round} of ${rounds}`);
      for (const contender of plan.contenders) {
        await attempt(results, contender, name, () => oneTrial(stage, contender, name));
      }
    }
  }
}

async function oneTrial(stage: Stage, contender: ContenderName, question: QuestionName) {
  const result = await withStage(stage, { contender, question }, runTrial);
  const { received, duplicates, faulty, requests, bytes, ...figures } = complete(result);
  const wire = question === 'wire' && received > 0 ? { bytes: bytes / received } : {};
  return { ...figures, ...wire, twice: duplicates, faulty, requests } as Record<string, number>;
}

async function measureLosses(plan: Plan, stage: Stage, results: Results): Promise<void> {
  const loggers = plan.contenders.filter((name) => name !== 'none');
  progress(`loss in an outage of ${plan.sizes.outageMs / 1_000} s, all at once`);
  await Promise.all(
    loggers.map((contender) =>
      attempt(results, contender, 'loss', () => lossInOutage(stage, contender)),
    ),
  );
  for (const contender of loggers) {
    progress(`loss in bursts and at the end of the process: ${contender}`);
    await attempt(results, contender, 'loss', () => losses(stage, contender));
  }
}

async function attempt(
  results: Results,
  contender: ContenderName,
  question: QuestionName,
  run: () => Promise<Readonly<Record<string, number>>>,
): Promise<void> {
  try {
    results.add(contender, question, await run());
  } catch (error) {
    results.failures.push({
      contender,
      question,
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** A disk: a tmpfs would flatter whoever writes files. */
function makeRoot(): string {
  const tmpfs = 0x01021994;
  const onDisk = statfsSync(tmpdir()).type !== tmpfs;
  const parent = onDisk ? tmpdir() : join(import.meta.dirname, 'results');
  mkdirSync(parent, { recursive: true });
  return commandFolder('bench', parent);
}

function machine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const system = `${platform()} ${release()} ${arch()}`;
  return `${cpu?.model.trim() ?? 'unknown CPU'} × ${cpus().length}, ${memory}, ${system}, Node ${process.version}`;
}

function machineLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

const plan = readPlan();
const results = new Results();
const load = machineLoad();
const began = performance.now();
const receiver = await startReceiver();
const root = makeRoot();
exitAt('SIGINT', 'SIGTERM');
try {
  await measure(plan, { receiver, sizes: plan.sizes, root }, results);
} finally {
  receiver.close();
}
process.exitCode = results.failures.length > 0 ? 1 : 0;
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
const day = new Date().toISOString().slice(0, 10);
const { outageMs } = plan.sizes;
const heading = `${machine()}. ${day}, ${plan.rounds === 1 ? 'one round' : `${plan.rounds} rounds`} in ${minutes} min, outage ${outageMs / 1_000} s, load ${load} at the start, ${machineLoad()} at the end.`;
const notes = remarks(results).map((remark) => `- ${remark}`);
process.stdout.write(
  [heading, goalTable(results), peerTable(results, plan.contenders), notes.join('\n'), '']
    .filter((part, index) => part !== '' || index === 4)
    .join('\n\n'),
);
if (plan.jsonFile !== undefined) {
  const { values, failures } = results;
  writeFileSync(
    plan.jsonFile,
    `${JSON.stringify({ machine: machine(), day, ...plan, values, failures }, null, 2)}\n`,
  );
}
