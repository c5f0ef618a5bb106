// `npm run outage -- --minutes 10 --rate 1000`: one outage in full, then a backlog of the same size beside live records.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandFolder, exitAt } from '../command-folder.ts';
import { readOptions } from '../command-options.ts';
import { CountingReceiver } from './receiver.ts';

interface Sample {
  readonly id: number;
  readonly rss: number;
  readonly pending: number;
  readonly delivered: number;
  readonly adopted: {
    readonly accepted: number;
    readonly delivered: number;
    readonly pending: number;
  };
  readonly dropped: Record<string, number>;
  readonly done?: true;
  readonly end?: true;
}

const values = readOptions('npm run outage [-- --minutes 10 --rate <records per second, 1000>]', {
  minutes: { type: 'string', default: '10' },
  rate: { type: 'string', default: '1000' },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
});
const folder = commandFolder('outage');
exitAt('SIGINT', 'SIGTERM');

class Writer {
  readonly child: ChildProcess;
  latest: Sample | undefined;
  peakRss = 0;
  readonly #done: Promise<void>;

  constructor(url: string, instance: string, total = 0, perSecond = rate) {
    const program = fileURLToPath(new URL('program.ts', import.meta.url));
    this.child = spawn(process.execPath, [program, String(perSecond), String(total)], {
      env: {
        PATH: process.env.PATH,
        LOG_ROUTE: 'alloy',
        ALLOY_OTLP_ENDPOINT: url,
        LOG_CONSOLE: 'off',
        LOG_SPOOL_DIR: join(folder, 'spool'),
        OTEL_SERVICE_NAME: 'outage',
        OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
        OTEL_LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(this.child);
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    let done: () => void = () => undefined;
    this.#done = new Promise((resolve) => {
      done = resolve;
    });
    lines.on('line', (line) => {
      const sample = JSON.parse(line) as Sample;
      if (sample.done === true) {
        done();
        return;
      }
      this.latest = { ...this.latest, ...sample };
      this.peakRss = Math.max(this.peakRss, sample.rss ?? 0);
    });
  }

  done(): Promise<void> {
    return this.#done;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }

  async until(condition: (sample: Sample) => boolean): Promise<void> {
    while (this.latest === undefined || !condition(this.latest)) {
      if (this.child.exitCode !== null) {
        throw new Error('The writer has ended.');
      }
      await delay(100);
    }
  }
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

async function outage(receiver: CountingReceiver): Promise<boolean> {
  const writer = new Writer(receiver.url, 'outage');
  await delay(10_000);
  const before = writer.latest?.rss ?? 0;
  writer.peakRss = 0;
  say(`down for ${minutes} min at ${rate}/s ...`);
  await receiver.stop();
  await delay(minutes * 60_000);
  const waiting = writer.latest?.pending ?? 0;
  const healed = performance.now();
  await receiver.start();
  await writer.until(({ pending }) => pending < rate);
  const seconds = (performance.now() - healed) / 1_000;
  const drained = waiting / seconds + rate;
  await writer.end('SIGTERM');
  const count = writer.latest?.id ?? 0;
  const lost = receiver.missing(count);
  const growth = writer.peakRss - before;
  say(`records ${count}, lost ${lost}, arrived twice ${receiver.repeats}`);
  say(
    `backlog ${waiting}, drained in ${seconds.toFixed(1)} s: ${(drained / rate).toFixed(1)} times the live rate`,
  );
  say(
    `memory ${mib(before)} before, grew by ${mib(growth)}; dropped ${JSON.stringify(writer.latest?.dropped)}`,
  );
  return lost === 0 && growth <= 32 * 1_048_576 && drained / rate >= 5;
}

async function orphans(receiver: CountingReceiver): Promise<boolean> {
  const size = Math.round(minutes * 60 * rate);
  const { url } = receiver;
  await receiver.stop();
  const first = new Writer(url, 'orphan', size, 50_000);
  await first.done();
  await first.end('SIGKILL');
  receiver.seen.clear();
  receiver.watched = 'live';
  receiver.oldestMs = 0;
  await receiver.start();
  say(`a backlog of ${size} records of a killed process, replayed beside ${rate}/s ...`);
  const started = performance.now();
  const live = new Writer(url, 'live');
  await live.until(({ adopted }) => adopted.accepted >= size && adopted.pending === 0);
  const seconds = (performance.now() - started) / 1_000;
  await live.end('SIGTERM');
  const lost = receiver.missing(size);
  say(
    `adopted ${live.latest?.adopted.accepted}, lost ${lost}, replayed in ${seconds.toFixed(1)} s`,
  );
  say(`oldest live record on arrival: ${receiver.oldestMs} ms`);
  return lost === 0 && receiver.oldestMs <= 5_000;
}

const receiver = new CountingReceiver();
await receiver.start();
const held = [await outage(receiver), await orphans(receiver)];
await receiver.stop();
say(held.every(Boolean) ? 'All of it holds.' : 'Something does not hold.');
process.exit(held.every(Boolean) ? 0 : 1);
