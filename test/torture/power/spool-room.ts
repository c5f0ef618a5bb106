// The spool alone, in this process: for thousands of images of it that are opened and drained.

import type { Notice } from 'otel-setup';
import { realWorld } from '../../../packages/otel-setup/src/real-world.ts';
import { openSpool } from '../../../packages/otel-setup/src/spool/open-spool.ts';
import type { Queue, Spool } from '../../../packages/otel-setup/src/spool/options.ts';
import type { Clock, FileSystem } from '../../../packages/otel-setup/src/world.ts';

export interface SpoolRoom {
  readonly spool: Spool;
  readonly notices: Notice[];
  /** What was given up, by reason. */
  readonly dropped: Record<string, number>;
  readonly adopted: number;
  put(text: string): void;
}

export interface RoomOptions {
  readonly root: string;
  readonly clock?: Clock;
  readonly fs?: FileSystem;
  readonly random?: () => number;
  readonly ringBytes?: number;
}

const definition = { resource: Buffer.from('a resource'), scope: Buffer.from('a scope') };
const limits = { maxBytes: 950_000, maxExpandedBytes: 3_000_000 };
const info = 9;

export function openRoom({ root, ringBytes, ...world }: RoomOptions): SpoolRoom {
  const notices: Notice[] = [];
  const dropped: Record<string, number> = {};
  let adopted = 0;
  const spool = openSpool({
    config: {
      durability: 'record',
      roots: [{ path: root, from: 'LOG_SPOOL_DIR' }],
      maxBytes: undefined,
      onKubernetes: false,
    },
    service: { namespace: '', name: 'tortured', environment: '' },
    owner: { route: 'alloy', origin: 'http://alloy', version: '1', host: 'here', pid: process.pid },
    world: { ...realWorld(), ...world },
    report: {
      notice: (notice) => notices.push(notice),
      dropped: (reason, count) => {
        dropped[reason] = (dropped[reason] ?? 0) + count;
      },
      adopted: (count) => {
        adopted += count;
      },
      tookOver: () => undefined,
      rewoken: () => undefined,
    },
    ...(ringBytes === undefined ? {} : { ringBytes }),
  });
  return {
    spool,
    notices,
    dropped,
    get adopted() {
      return adopted;
    },
    put(text) {
      const bytes = Buffer.from(text);
      spool.append(bytes, 0, bytes.length, spool.define(definition), info);
      spool.appended();
    },
  };
}

/** Everything that is pending, in its order; settled on the way. */
export function drain(queue: Queue | undefined): string[] {
  const texts: string[] = [];
  for (let batch = queue?.take(limits); batch !== undefined; batch = queue?.take(limits)) {
    for (let index = 0; index < batch.count; index++) {
      const part = batch.bytes.subarray(batch.starts[index], batch.ends[index]);
      texts.push(Buffer.from(part).toString('latin1'));
    }
    queue?.settle(batch.seqs[batch.count - 1] ?? 0);
  }
  return texts;
}

/** Looks for the dead until there is nothing left to be found, and drains what they left. */
export async function drainOrphans(spool: Spool, isDone: () => boolean): Promise<string[]> {
  const texts: string[] = [];
  const deadline = performance.now() + 10_000;
  spool.scan();
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error('Recovery did not end within 10 s.');
    await new Promise((resolve) => setImmediate(resolve));
    for (let queue = spool.nextOrphan(); queue !== undefined; queue = spool.nextOrphan()) {
      texts.push(...drain(queue));
    }
  }
  return texts;
}
