// `otel-setup spool replay`: sends what dead processes left, from a copy or in place, to the route that is named.

import type { Config, Endpoint } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { noSpool } from '../../console-only.ts';
import { createHealth, type Health } from '../../health/health.ts';
import type { RecordCounts } from '../../health/stats.ts';
import { countOf, spanOf } from '../../health/words.ts';
import { startSending } from '../../sending.ts';
import type { FoundDirectory, Place } from '../../spool/inspect.ts';
import type { Queue, SpoolReport } from '../../spool/options.ts';
import type { Takeover } from '../../spool/takeover.ts';
import type { World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text.ts';
import { recordsOf, unclearOf } from './describe.ts';
import { findRoots, lookedIn, type Root, type Where } from './places.ts';
import { takeOver } from './take-over.ts';

export interface ReplayOptions {
  readonly where: Where;
  readonly route: 'direct' | 'alloy' | undefined;
  /** Ms without a record going through after which it gives up. */
  readonly patienceMs: number;
}

const lookEveryMs = 100;

export async function replaySpool(
  options: ReplayOptions,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const config = loadConfig(
    options.route === undefined ? {} : { route: options.route },
    options.where.host,
  );
  const { endpoint, route } = config;
  for (const problem of config.problems) terminal.tell(`otel-setup: ${printable(problem)}`);
  if (endpoint === undefined || route === 'none') {
    terminal.tell('No route to send to. Name one (--route direct or alloy) and set its variables.');
    return 1;
  }
  const roots = await findRoots(world, options.where);
  const health = createReplayHealth(config, terminal, world);
  const takeovers: Takeover[] = [];
  try {
    await takeAll(roots, takeovers, { config, endpoint, health, terminal, world });
    if (takeovers.every(({ pending }) => pending === 0) && foundIn(health).accepted === 0) {
      terminal.tell(`Nothing to replay in ${printable(lookedIn(options.where))}.`);
      return roots.some(hasUnclear) ? 1 : 0;
    }
    const why = await send(takeovers, options.patienceMs, {
      config,
      endpoint,
      health,
      terminal,
      world,
    });
    const code = await sum(foundIn(health), why, route, terminal);
    return roots.some(hasUnclear) ? 1 : code;
  } finally {
    for (const takeover of takeovers) takeover.close();
  }
}

interface Replay {
  readonly config: Config;
  readonly endpoint: Endpoint;
  readonly health: Health;
  readonly terminal: Terminal;
  readonly world: World;
}

function createReplayHealth(config: Config, terminal: Terminal, world: World): Health {
  return createHealth({
    noticeLevel: config.noticeLevel,
    json: false,
    write: (line) => terminal.tell(line),
    clock: world.clock,
    routeName: config.route,
  });
}

async function takeAll(
  roots: readonly Root[],
  takeovers: Takeover[],
  replay: Replay,
): Promise<void> {
  const { config, endpoint, health, terminal, world } = replay;
  const target = { route: config.route, origin: new URL(endpoint.url).origin };
  const report: SpoolReport = {
    notice: health.notice,
    dropped: (reason, count, adopted) => health.ledger.dropped(reason, count, adopted),
    adopted: (count) => health.ledger.adopted(count),
    tookOver: () => undefined,
    rewoken: () => undefined,
  };
  for (const place of roots.flatMap(({ places }) => places)) {
    const dead = deadIn(place, terminal);
    if (dead.length === 0) continue;
    const takeover = takeOver(place, world, target, report);
    takeovers.push(takeover);
    for (const { id, path } of dead) {
      if (!(await takeover.take(path))) terminal.tell(`${id}: taken by a process meanwhile.`);
    }
    takeover.open();
  }
}

function hasUnclear({ places }: Root): boolean {
  return places.some(({ directories }) => directories.some(({ isUnclear }) => isUnclear));
}

/** What dead ones hold of others comes along with them. */
function deadIn({ directories }: Place, terminal: Terminal): FoundDirectory[] {
  const own = directories.filter(({ adoptedBy }) => adoptedBy === undefined);
  for (const { id, isAlive, isForeign, isUnclear } of own) {
    if (isUnclear) terminal.tell(unclearOf(id));
    else if (isAlive) terminal.tell(`${id}: its process is alive and sends it itself; left alone.`);
    else if (isForeign) terminal.tell(`${id}: in another release's format; left as it is.`);
  }
  return own.filter(({ isAlive, isForeign }) => !isAlive && !isForeign);
}

/** Resolves when nothing is left, or with the reason why it stopped. */
async function send(
  takeovers: readonly Takeover[],
  patienceMs: number,
  replay: Replay,
): Promise<string | undefined> {
  const { health, terminal, world } = replay;
  const next = (): Queue | undefined => {
    for (const takeover of takeovers) {
      const queue = takeover.next();
      if (queue !== undefined) return queue;
    }
    return undefined;
  };
  const { deliverer } = startSending(replay, { own: nothing, nextOrphan: next });
  const startMs = world.clock.monotonic();
  const end = new AbortController();
  const stop = (): void => end.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  deliverer.wakeOrphans();
  let [left, movedMs] = [pendingOf(takeovers), startMs];
  try {
    while (pendingOf(takeovers) > 0) {
      if (end.signal.aborted) return 'interrupted';
      if (deliverer.state === 'probing') return 'the server refuses, see above';
      const now = world.clock.monotonic();
      if (pendingOf(takeovers) < left) [left, movedMs] = [pendingOf(takeovers), now];
      else if (now - movedMs > patienceMs) return `nothing went through for ${spanOf(patienceMs)}`;
      terminal.progress(progressOf(foundIn(health), now - startMs));
      await look(world);
      for (const takeover of takeovers) takeover.retry();
      deliverer.wakeOrphans();
    }
    return undefined;
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    await deliverer.stop();
  }
}

function look({ clock }: World): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, lookEveryMs);
  });
}

function pendingOf(takeovers: readonly Takeover[]): number {
  return takeovers.reduce((total, { pending }) => total + pending, 0);
}

function foundIn(health: Health): RecordCounts {
  return health.stats(noSpool).adopted;
}

function droppedOf({ dropped }: RecordCounts): number {
  return Object.values(dropped).reduce((total, count) => total + count, 0);
}

function progressOf({ accepted, pending }: RecordCounts, spentMs: number): string {
  const done = accepted - pending;
  const perSecond = spentMs < 1000 ? '' : `, ${countOf(Math.round((done / spentMs) * 1000))}/s`;
  return `${countOf(done)} of ${recordsOf(accepted)}${perSecond}`;
}

async function sum(
  counts: RecordCounts,
  why: string | undefined,
  route: string,
  terminal: Terminal,
): Promise<number> {
  const dropped = Object.entries(counts.dropped).map(([why, count]) => `${why} ${countOf(count)}`);
  const refused = droppedOf(counts);
  const parts = [
    `${recordsOf(counts.accepted)} found`,
    `${countOf(counts.delivered)} ${route === 'alloy' ? 'handed to Alloy' : 'delivered'}`,
    refused > 0 ? `${countOf(refused)} dropped (${dropped.join(', ')})` : '',
    counts.pending > 0 ? `${countOf(counts.pending)} left where they were` : '',
  ];
  await terminal.out(`${parts.filter(Boolean).join(', ')}.\n`);
  if (why !== undefined) terminal.tell(`Stopped: ${why}. Run it again to go on where it stopped.`);
  return why === undefined && refused === 0 ? 0 : 1;
}

/** This process logs nothing itself. */
const nothing: Queue = {
  adopted: false,
  label: 'own',
  pending: 0,
  pendingBytes: 0,
  take: () => undefined,
  settle: () => undefined,
  quarantine: () => undefined,
};
