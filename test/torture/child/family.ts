// A family of processes with a pipeline each: a primary, its cluster workers, its forks and its worker threads, all
// of them logging until somebody ends them. The primary prints who is there, and ends a thread when it is told.

import { type ChildProcess, fork } from 'node:child_process';
import cluster from 'node:cluster';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Plan } from '../plan.ts';
import { Recorder } from './recorder.ts';
import { prepareSdk } from './sdk.ts';

export type MemberKind = 'primary' | 'cluster' | 'fork' | 'thread';

export interface FamilyPlan {
  readonly plan: Plan;
  readonly kind: MemberKind;
  /** Of the primary only. */
  readonly members?: Readonly<Record<Exclude<MemberKind, 'primary'>, number>>;
}

/** One that logs. */
export interface Member {
  readonly writer: string;
  readonly kind: MemberKind;
  readonly pid: number;
  readonly directory: string | undefined;
}

const lifetimeMs = 60_000;
const program = process.argv[1] ?? '';
const given = (isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData) as FamilyPlan;

async function live({ kind, plan }: FamilyPlan): Promise<Member> {
  const recorder = new Recorder(plan);
  const start = await prepareSdk(plan, (notice, atMs) => recorder.notice(notice, atMs));
  const sdk = start();
  recorder.start(sdk);
  const log = () => {
    for (let count = 0; count < 5; count++) recorder.log({ type: 'log' });
  };
  log();
  setInterval(log, 2);
  const directory = sdk.telemetry?.stats().spool.directory;
  return { writer: plan.writer, kind, pid: process.pid, directory };
}

/** The plan of a member with a name of its own. */
function planOf(kind: Exclude<MemberKind, 'primary'>, index: number): FamilyPlan {
  return { kind, plan: { ...given.plan, writer: `${given.plan.writer}-${kind}${index}` } };
}

function raise(tell: (member: Member) => void): void {
  const { cluster: workers, fork: forks, thread: threads } = given.members ?? noMembers;
  const hear = (child: Pick<ChildProcess, 'on'>) => child.on('message', tell);
  for (let index = 0; index < workers; index++) {
    cluster.setupPrimary({ exec: program, args: [JSON.stringify(planOf('cluster', index))] });
    hear(cluster.fork().process);
  }
  for (let index = 0; index < forks; index++) {
    hear(fork(program, [JSON.stringify(planOf('fork', index))]));
  }
  const running = new Map<string, Worker>();
  for (let index = 0; index < threads; index++) {
    const data = planOf('thread', index);
    const thread = new Worker(program, { workerData: data });
    running.set(data.plan.writer, thread);
    thread.on('message', tell);
  }
  createInterface({ input: process.stdin }).on('line', (writer) => {
    running
      .get(writer)
      ?.terminate()
      .then(() => writeSync(1, `${JSON.stringify({ terminated: writer })}\n`))
      .catch(() => process.exit(1));
  });
}

const noMembers = { cluster: 0, fork: 0, thread: 0 };
// Nobody stays when the case that started the family has gone.
if (isMainThread) setTimeout(() => process.exit(1), lifetimeMs).unref();
// A fork outlives its parent: its channel's end is not its own.
process.on('disconnect', () => undefined);

const self = await live(given);
if (given.kind === 'primary') {
  const tell = (member: Member) => writeSync(1, `${JSON.stringify(member)}\n`);
  raise(tell);
  tell(self);
} else if (isMainThread) {
  process.send?.(self);
} else {
  parentPort?.postMessage(self);
}
