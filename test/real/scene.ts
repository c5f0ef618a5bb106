// A place of its own for one scenario: real programs to kill, processes under load, and the count of what Loki holds.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { bareEnvironment } from '../journeys/program.ts';
import { type Alloy, deployedAlloy, plainAlloy, queueingAlloy, startAlloy } from './alloy.ts';
import { type Audit, audit, countQuery, serviceSelector } from './audit.ts';
import { Load } from './load.ts';
import { type Loki, startLoki } from './loki.ts';
import type { Program } from './programs.ts';

export interface Scale {
  /** Records per second. */
  readonly rate: number;
  /** Records logged before, between and after the outages. */
  readonly calm: number;
  /** Records logged during each outage. */
  readonly outage: number;
  /** How long Loki's count may stand still before what is missing counts as lost. */
  readonly stillMs: number;
}

export interface Outage {
  readonly what: string;
  /** The first record of the outage, and the first after it. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** From the moment the programs were ready again until Loki held every record up to then; undefined: never. */
  readonly drainSeconds: number | undefined;
}

const service = 'steady';

export class Scene {
  readonly scale: Scale;
  readonly loads: Load[] = [];
  readonly outages: Outage[] = [];
  readonly folder: string = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  readonly #programs: Program[] = [];

  constructor(scale: Scale) {
    this.scale = scale;
  }

  /** @param limits lines of Loki's `limits_config`; its defaults otherwise. */
  async loki(limits = ''): Promise<Loki> {
    const loki = await startLoki(join(this.folder, 'loki'), limits);
    this.#programs.push(loki.program);
    return loki;
  }

  async alloy(lokiUrl: string, queue: 'on disk' | 'in memory'): Promise<Alloy> {
    const folder = join(this.folder, 'alloy');
    const storage = join(folder, 'queue');
    mkdirSync(storage, { recursive: true });
    const alloy = await (queue === 'on disk'
      ? startAlloy(folder, queueingAlloy(lokiUrl, storage), ['--stability.level=public-preview'])
      : startAlloy(folder, plainAlloy(lokiUrl)));
    this.#programs.push(alloy.program);
    return alloy;
  }

  /** An Alloy with one of deploy/alloy's configurations; `name` tells several apart. */
  async deployed(file: string, lokiUrl: string, name = 'alloy'): Promise<Alloy> {
    const folder = join(this.folder, name);
    const alloy = await deployedAlloy(folder, file, {
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${lokiUrl}/otlp`,
    });
    this.#programs.push(alloy.program);
    return alloy;
  }

  /** A process that logs from now on; what it writes to the spool is shared with the scene's other processes. */
  load(run: string, env: Readonly<Record<string, string>>): Load {
    const { folder, scale } = this;
    const load = new Load({
      folder,
      run,
      rate: scale.rate,
      env: {
        ...bareEnvironment(folder),
        LOG_CONSOLE: 'off',
        OTEL_SERVICE_NAME: service,
        ...env,
      },
    });
    this.loads.push(load);
    return load;
  }

  /** Kills programs under load (or ends them by another signal), and starts them again when so many records were logged meanwhile. */
  async outage(
    what: string,
    loki: Loki,
    load: Load,
    programs: readonly Program[],
    signals: readonly NodeJS.Signals[] = [],
  ): Promise<void> {
    const began = performance.now();
    const from = load.accepted;
    // Where there are two, the second dies in the middle of the first one's absence.
    const share = Math.ceil(this.scale.outage / programs.length);
    for (const [i, program] of programs.entries()) {
      await program.stop(signals[i] ?? 'SIGKILL');
      await load.logs(share);
    }
    await Promise.all(programs.map((program) => program.start()));
    const to = load.accepted;
    const seconds = (performance.now() - began) / 1_000;
    const drainSeconds = await this.#drain(loki, load, to);
    this.outages.push({ what, from, to, seconds, drainSeconds });
    await load.logs(this.scale.calm);
  }

  async #drain(loki: Loki, load: Load, to: number): Promise<number | undefined> {
    const started = performance.now();
    const selector = `${serviceSelector(service)} | run="${load.run}" | nr<${to}`;
    const isWhole = await this.#arrives(loki, countQuery(selector), to);
    return isWhole ? (performance.now() - started) / 1_000 : undefined;
  }

  /** Waits until the query counts so many; false when it stands still before. */
  async #arrives(loki: Loki, query: string, count: number): Promise<boolean> {
    let best = -1;
    let bestAt = performance.now();
    for (;;) {
      const counted = await loki.count(query);
      if (counted >= count) return true;
      if (counted > best) {
        best = counted;
        bestAt = performance.now();
      } else if (performance.now() - bestAt > this.scale.stillMs) {
        return false;
      }
      await delay(200);
    }
  }

  /** Ends the logging, waits for everything to arrive, and compares. */
  async finish(loki: Loki, patienceMs = this.scale.stillMs * 2): Promise<Audit> {
    for (const load of this.loads) {
      if (!load.hasEnded) await load.finish(patienceMs);
    }
    const accepted = this.loads.reduce((sum, load) => sum + load.accepted, 0);
    await this.#arrives(loki, countQuery(serviceSelector(service)), accepted);
    return await audit(loki, service, this.loads);
  }

  async close(): Promise<void> {
    for (const load of this.loads) await load.end('SIGKILL');
    for (const program of this.#programs) await program.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
