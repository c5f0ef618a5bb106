// What is done to the real programs under load, one function each.

import type { Audit } from './audit.ts';
import { startBalancer } from './balancer.ts';
import type { Loki } from './loki.ts';
import type { Program } from './programs.ts';
import { startRelay } from './relay.ts';
import type { Scene } from './scene.ts';

export type Scenario = (scene: Scene) => Promise<Audit>;

const direct = (loki: { readonly url: string }) => ({
  LOG_ROUTE: 'direct',
  OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp`,
});

/** Loki is killed twice; what it acknowledged before is its own to keep. */
export function lokiKilled(env: Readonly<Record<string, string>> = {}): Scenario {
  return async (scene) => {
    const loki = await scene.loki();
    const load = scene.load('p1', { ...direct(loki), ...env });
    await load.logs(scene.scale.calm);
    await scene.outage('Loki', loki, load, [loki.program]);
    await scene.outage('Loki again', loki, load, [loki.program]);
    return await scene.finish(loki);
  };
}

/**
 * Every second answer is lost on its way back, so that what Loki has stored is sent again. A Loki that may split the
 * stream into shards takes a copy in another shard for a record of its own.
 */
export function answersLost(shards: 'in one stream' | 'in shards'): Scenario {
  return async (scene) => {
    const loki = await scene.loki(shards === 'in shards' ? '' : withoutShards);
    const relay = await startRelay(loki.url, (nr) => nr % 2 === 0);
    try {
      const load = scene.load('p1', direct(relay));
      await load.logs(scene.scale.calm);
      await loki.program.stop('SIGKILL');
      await load.logs(scene.scale.outage);
      await loki.program.start();
      await load.logs(scene.scale.calm);
      const audit = await scene.finish(loki);
      if (relay.unheard === 0) throw new Error('No answer was lost: nothing is shown.');
      return audit;
    } finally {
      relay.close();
    }
  };
}

const withoutShards = `  shard_streams:
    enabled: false
`;

/** Alloy, then Loki, then Loki and half way through Alloy too. */
export function behindAlloy(queue: 'on disk' | 'in memory'): Scenario {
  return async (scene) => {
    const loki = await scene.loki();
    const alloy = await scene.alloy(loki.url, queue);
    return await alloyAndLokiKilled(scene, loki, alloy.otlpUrl, [alloy.program]);
  };
}

/** Alloy is ended as every deployment ends it, by SIGTERM, while Loki is away. */
export function alloyRestarted(queue: 'on disk' | 'in memory'): Scenario {
  return async (scene) => {
    const loki = await scene.loki();
    const alloy = await scene.alloy(loki.url, queue);
    const load = scene.load('p1', { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: alloy.otlpUrl });
    await load.logs(scene.scale.calm);
    const programs = [loki.program, alloy.program];
    await scene.outage('Loki killed, Alloy stopped', loki, load, programs, ['SIGKILL', 'SIGTERM']);
    return await scene.finish(loki);
  };
}

/** A backlog of the route direct goes to Alloy after a restart, and one of the route alloy to Loki. */
export const routeSwitched: Scenario = async (scene) => {
  const { calm, outage } = scene.scale;
  const loki = await scene.loki();
  const alloy = await scene.alloy(loki.url, 'on disk');
  const env = { ...direct(loki), ALLOY_OTLP_ENDPOINT: alloy.otlpUrl };
  const first = scene.load('p1', { ...env, LOG_ROUTE: 'direct' });
  await first.logs(calm);
  await loki.program.stop('SIGKILL');
  await first.logs(outage);
  await first.end('SIGTERM');

  const second = scene.load('p2', { ...env, LOG_ROUTE: 'alloy' });
  await second.logs(calm);
  await loki.program.start();
  await second.logs(calm);
  await alloy.program.stop('SIGKILL');
  await second.logs(outage);
  await second.end('SIGTERM');

  const third = scene.load('p3', { ...env, LOG_ROUTE: 'direct' });
  await third.logs(calm);
  await alloy.program.start();
  return await scene.finish(loki);
};

/** The process is killed while it cannot reach Loki; the next one finds what it left. */
export const processKilled: Scenario = async (scene) => {
  const { calm, outage } = scene.scale;
  const loki = await scene.loki();
  const first = scene.load('p1', direct(loki));
  await first.logs(calm);
  await loki.program.stop('SIGKILL');
  await first.logs(outage);
  await first.end('SIGKILL');

  const second = scene.load('p2', direct(loki));
  await second.logs(calm);
  await loki.program.start();
  await second.logs(calm);
  return await scene.finish(loki);
};

/** The Alloy of deploy/alloy for one machine: killed, then Loki, then both. */
export const smallKilled: Scenario = async (scene) => {
  const loki = await scene.loki();
  const alloy = await scene.deployed('small.alloy', loki.url);
  return await alloyAndLokiKilled(scene, loki, alloy.otlpUrl, [alloy.program]);
};

/** Two gateways of deploy/alloy behind one address: one is killed, then Loki, then Loki and the other one. */
export const gatewaysKilled: Scenario = async (scene) => {
  const loki = await scene.loki();
  const first = await scene.deployed('gateway.alloy', loki.url, 'first');
  const second = await scene.deployed('gateway.alloy', loki.url, 'second');
  const balancer = await startBalancer([first.otlpUrl, second.otlpUrl]);
  try {
    return await alloyAndLokiKilled(scene, loki, balancer.url, [first.program, second.program]);
  } finally {
    balancer.close();
  }
};

/** The token is revoked for as long as Loki is away elsewhere: whoever holds the records is told 401 meanwhile. */
export function tokenRevoked(through: 'direct' | 'small.alloy' | 'gateway.alloy'): Scenario {
  return async (scene) => {
    const loki = await scene.loki();
    let isRevoked = false;
    const relay = await startRelay(
      loki.url,
      () => false,
      () => isRevoked,
    );
    try {
      const env =
        through === 'direct'
          ? direct(relay)
          : {
              LOG_ROUTE: 'alloy',
              ALLOY_OTLP_ENDPOINT: (await scene.deployed(through, relay.url)).otlpUrl,
            };
      const load = scene.load('p1', env);
      await load.logs(scene.scale.calm);
      isRevoked = true;
      await load.logs(scene.scale.outage);
      isRevoked = false;
      await load.logs(scene.scale.calm);
      return await scene.finish(loki);
    } finally {
      relay.close();
    }
  };
}

async function alloyAndLokiKilled(
  scene: Scene,
  loki: Loki,
  otlpUrl: string,
  alloys: readonly Program[],
): Promise<Audit> {
  const load = scene.load('p1', { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: otlpUrl });
  await load.logs(scene.scale.calm);
  await scene.outage('Alloy', loki, load, alloys.slice(0, 1));
  await scene.outage('Loki', loki, load, [loki.program]);
  await scene.outage('Loki, then Alloy', loki, load, [loki.program, ...alloys.slice(-1)]);
  return await scene.finish(loki);
}
