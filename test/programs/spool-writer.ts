// Writes records into a spool, and notes each in a file once append has returned; delivers into another file
// where it is told to, and ends itself at a crash point. One argument: its orders as JSON.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { realWorld } from '../../packages/otel-setup/src/real-world.ts';
import { openSpool } from '../../packages/otel-setup/src/spool/open-spool.ts';
import type { Queue } from '../../packages/otel-setup/src/spool/options.ts';

export interface Orders {
  readonly root: string;
  /** Ids of accepted records, a line each. */
  readonly accepted: string;
  /** Ids of delivered records, a line each. */
  readonly delivered: string;
  readonly writer: string;
  readonly count: number;
  readonly point?: string;
  readonly hit?: number;
  readonly deliver: boolean;
  /** Starts a process that lives on, and prints its pid. */
  readonly child?: boolean;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const accepted = fs.openSync(orders.accepted, 'a');
let hits = 0;
let isScanned = false;

const spool = openSpool({
  config: {
    durability: 'record',
    roots: [{ path: orders.root, from: 'LOG_SPOOL_DIR' }],
    maxBytes: undefined,
    onKubernetes: false,
  },
  service: { namespace: 'shop', name: 'api', environment: 'test' },
  owner: {
    route: 'alloy',
    origin: 'http://alloy:4318',
    version: '1',
    host: 'here',
    pid: process.pid,
  },
  world: realWorld(),
  report: {
    notice: () => undefined,
    dropped: () => undefined,
    adopted: () => undefined,
    tookOver: () => undefined,
    rewoken: () => {
      isScanned = true;
    },
  },
  crashPoint: (name) => {
    if (name === orders.point && ++hits === orders.hit) process.kill(process.pid, 'SIGKILL');
  },
});

const definition = spool.define({ resource: Buffer.from('resource'), scope: Buffer.from('scope') });
if (orders.child === true) {
  const child = spawn('sleep', ['30'], { stdio: 'ignore', detached: true });
  child.unref();
  process.stdout.write(`${child.pid}\n`);
}

function deliver(queue: Queue | undefined): void {
  const limits = { maxBytes: 950_000, maxExpandedBytes: 3_000_000, maxRecords: 100 };
  for (let batch = queue?.take(limits); batch !== undefined; batch = queue?.take(limits)) {
    const ids = Array.from({ length: batch.count }, (_, index) =>
      Buffer.from(batch.bytes.subarray(batch.starts[index], batch.ends[index]))
        .toString()
        .trimEnd(),
    );
    fs.appendFileSync(orders.delivered, `${ids.join('\n')}\n`);
    queue?.settle(batch.seqs[batch.count - 1] ?? 0);
  }
}

function write(from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const id = `${orders.writer}:${index}`;
    const bytes = Buffer.from(id.padEnd(1_000));
    spool.append(bytes, 0, bytes.length, definition, 9);
    spool.appended();
    fs.writeSync(accepted, `${id}\n`);
  }
}

function end(): void {
  for (let queue = spool.nextOrphan(); queue !== undefined; queue = spool.nextOrphan()) {
    deliver(queue);
  }
  write(orders.count / 2, orders.count);
  deliver(spool.own);
  spool.close();
}

write(0, orders.count / 2);
if (orders.deliver) {
  deliver(spool.own);
  const deadline = Date.now() + 500;
  const timer = setInterval(() => {
    if (!isScanned && Date.now() < deadline) return;
    clearInterval(timer);
    end();
  }, 5);
} else {
  process.stdout.write('written\n');
  // Lives until it is killed, and writes on.
  let index = orders.count;
  setInterval(() => {
    write(index, index + 20);
    index += 20;
  }, 1);
}
