// The SDK in the way the plan wants it: the built package's init(), its sources' start() in a world with faults,
// or none of it.

import type { InitOptions, Notice, Telemetry } from 'otel-setup';
import type { Logger } from 'winston';
import type { Faults, Plan } from '../plan.ts';
import { WildClock } from './clock.ts';
import { crashingFs } from './crash.ts';
import { WildFs } from './file-system.ts';
import { WildLookup } from './lookup.ts';
import { InstantMeter } from './meter.ts';

export interface Sdk {
  readonly logger: Logger;
  /** Undefined in the control run. */
  readonly telemetry: Telemetry | undefined;
  /** The ledger as its metrics tell it; undefined where nothing is measured. */
  readonly meter?: InstantMeter;
  /** Of the clock that the SDK goes by. */
  monotonic(): number;
  change(faults: Faults): void;
}

/** Loads what is needed; the returned function starts it. */
export async function prepareSdk(
  plan: Plan,
  onNotice: (notice: Notice, atMs: number) => void,
): Promise<() => Sdk> {
  const { performance } = globalThis;
  const monotonic = () => performance.now();
  const change = () => {
    throw new Error('faults need the plan to say sdk: world');
  };
  const winston = await import('winston');
  switch (plan.sdk) {
    case 'none':
      return () => {
        const transports = new winston.transports.Console({ silent: true });
        return {
          logger: winston.createLogger({ transports }),
          telemetry: undefined,
          monotonic,
          change,
        };
      };
    case 'public': {
      const { init } = await import('otel-setup');
      return () => {
        const meter = new InstantMeter();
        const telemetry = init({
          meterProvider: meter.provider,
          ...plan.options,
          onNotice: (notice) => onNotice(notice, monotonic()),
        });
        return { logger: telemetry.logger, telemetry, meter, monotonic, change };
      };
    }
    case 'world':
      return await prepareWorld(plan, onNotice);
  }
}

async function prepareWorld(
  { faults = {}, options = {} }: Plan,
  onNotice: (notice: Notice, atMs: number) => void,
): Promise<() => Sdk> {
  const { start } = await import('../../../packages/otel-setup/src/init.ts');
  const { realWorld } = await import('../../../packages/otel-setup/src/real-world.ts');
  const { loadConfig } = await import('../../../packages/otel-setup/src/config/load-config.ts');
  const { readHost } = await import('../../../packages/otel-setup/src/config/host.ts');
  const real = realWorld();
  const wildFs = new WildFs(real.fs, faults.fs ?? {});
  const clock = new WildClock(real.clock, faults.clock ?? {});
  const wildLookup = new WildLookup(real.lookup, faults.lookup ?? {});
  const fs = faults.crash === undefined ? wildFs.fs : crashingFs(wildFs.fs, faults.crash);
  const world = { ...real, clock, fs, lookup: wildLookup.lookup as typeof real.lookup };
  return () => {
    const config = loadConfig(configOptions(options), readHost());
    // Upstream has no clock but the process's own.
    const isStock = config.pipeline === 'reference';
    if (isStock && faults.clock?.speed === undefined) Date.now = clock.now;
    const meter = new InstantMeter();
    const own = {
      logger: undefined,
      meterProvider: meter.provider,
      processors: [],
      onNotice: (notice: Notice) => onNotice(notice, clock.monotonic()),
      strict: false,
    };
    const { telemetry } = start(config, world, own);
    return {
      logger: telemetry.logger,
      telemetry,
      meter,
      monotonic: () => clock.monotonic(),
      change(next) {
        if (next.fs !== undefined) wildFs.set(next.fs);
        if (next.lookup !== undefined) wildLookup.table = next.lookup;
        if (next.clock?.wallOffsetMs !== undefined) clock.wallOffsetMs = next.clock.wallOffsetMs;
      },
    };
  };
}

function configOptions({
  logger: _,
  onNotice: __,
  processors: ___,
  strict: ____,
  ...rest
}: InitOptions) {
  return rest;
}
