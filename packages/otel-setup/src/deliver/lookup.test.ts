import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../world.ts';
import { createLookup } from './lookup.ts';
import { type NameServer, type Reply, startNameServer } from './name-server.test.ts';
import { alive, realClock } from './sockets.test.ts';

interface Machine {
  readonly reply?: (name: string, family: 4 | 6) => Reply;
  readonly hosts?: string;
  readonly resolvConf?: string;
  readonly clock?: Partial<Clock>;
}

interface Bench {
  readonly server: NameServer;
  /** What the system was asked for. */
  readonly system: string[];
  find(name: string): Promise<LookupAddress[]>;
  findOne(name: string): Promise<unknown[]>;
}

async function start(context: TestContext, machine: Machine): Promise<Bench> {
  const server = await startNameServer(context, machine.reply ?? (() => 'unknown'));
  const system: string[] = [];
  const texts = new Map([
    ['/etc/hosts', machine.hosts],
    ['/etc/resolv.conf', machine.resolvConf],
  ]);
  const readFileSync = (path: string): string => {
    const text = texts.get(path);
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return text;
  };
  const lookup = createLookup({
    fs: { readFileSync: readFileSync as typeof import('node:fs').readFileSync },
    clock: { ...realClock, ...machine.clock },
    createResolver: server.createResolver,
    lookup: (name, _query, callback) => {
      system.push(name);
      callback(null, [{ address: '10.9.9.9', family: 4 }]);
    },
  });
  const find = (name: string): Promise<LookupAddress[]> =>
    new Promise((resolve, reject) => {
      lookup(name, { all: true }, (error, found) => {
        if (error === null) resolve(found as LookupAddress[]);
        else reject(error);
      });
    });
  const findOne = (name: string): Promise<unknown[]> =>
    new Promise((resolve) => lookup(name, {}, (...answer) => resolve(answer)));
  return {
    server,
    system,
    find: (name) => alive(find(name)),
    findOne: (name) => alive(findOne(name)),
  };
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

test('a name in /etc/hosts is found there, and nobody is asked', async (t) => {
  const hosts = '10.1.1.1 other # alloy\n10.1.1.2\tAlloy.example alloy\nfd00::2 alloy\nbad alloy';
  const { find, findOne, server, system } = await start(t, { hosts, reply: () => 'silence' });
  assert.deepEqual(await find('ALLOY'), [v4('10.1.1.2'), v6('fd00::2')]);
  assert.deepEqual(await find('alloy.example.'), [v4('10.1.1.2')]);
  assert.deepEqual(await findOne('alloy'), [null, '10.1.1.2', 4]);
  assert.deepEqual([...server.asked, ...system], []);
});

test('localhost is loopback where /etc/hosts does not have it', async (t) => {
  const { find, server } = await start(t, { hosts: '127.0.0.1 localhost' });
  assert.deepEqual(await find('localhost'), [v4('127.0.0.1')]);
  const bare = await start(t, {});
  for (const name of ['localhost', 'localhost.', 'alloy.localhost']) {
    assert.deepEqual(await bare.find(name), [v4('127.0.0.1'), v6('::1')]);
  }
  assert.deepEqual([...server.asked, ...bare.server.asked], []);
});

test('a short name is found under its suffix, and asked for in no other way', async (t) => {
  const { find, server, system } = await start(t, {
    resolvConf: 'search shop.svc svc\noptions ndots:5',
    // A cluster without a way out: what is not its own is never answered.
    reply: (name, family) => {
      if (!name.endsWith('svc')) return 'silence';
      if (name !== 'alloy.monitoring.svc') return 'unknown';
      return family === 4 ? ['10.96.1.2'] : [];
    },
  });
  assert.deepEqual(await find('alloy.monitoring'), [v4('10.96.1.2')]);
  const [first, second] = ['alloy.monitoring.shop.svc', 'alloy.monitoring.svc'];
  assert.deepEqual(server.asked, [first, first, second, second]);
  assert.deepEqual(system, []);
});

test('a failure under one suffix does not end the search', async (t) => {
  const { find } = await start(t, {
    resolvConf: 'search broken',
    reply: (name) => (name === 'alloy.broken' ? 'failed' : ['10.96.1.2']),
  });
  assert.deepEqual((await find('alloy'))[0], v4('10.96.1.2'));
});

test('all addresses of both families are found, and those of an IPv6-only host', async (t) => {
  const { find } = await start(t, {
    reply: (name, family) => {
      if (family === 6) return ['fdaa::3', '2001:db8::1'];
      return name === 'both.example' ? ['10.0.0.1', '10.0.0.2'] : [];
    },
  });
  const six = [v6('fdaa::3'), v6('2001:db8::1')];
  assert.deepEqual(await find('both.example'), [v4('10.0.0.1'), v4('10.0.0.2'), ...six]);
  assert.deepEqual(await find('six.internal'), six);
});

test('a name that moves is found at its new address the next time', async (t) => {
  let address = '10.0.0.1';
  const { find } = await start(t, { reply: (_name, family) => (family === 4 ? [address] : []) });
  assert.deepEqual(await find('gateway.example'), [v4('10.0.0.1')]);
  address = '10.0.0.2';
  assert.deepEqual(await find('gateway.example'), [v4('10.0.0.2')]);
});

test('the system is asked for what DNS denies at once', async (t) => {
  const { find, system, server } = await start(t, { resolvConf: 'search lan' });
  assert.deepEqual(await find('nas.local'), [v4('10.9.9.9')]);
  assert.deepEqual(system, ['nas.local']);
  assert.deepEqual(new Set(server.asked), new Set(['nas.local', 'nas.local.lan']));
});

test('the system is not asked where DNS takes its time: it would hold up the end', async (t) => {
  let nowMs = 0;
  const monotonic = (): number => {
    nowMs += 350;
    return nowMs;
  };
  const { find, system } = await start(t, { clock: { monotonic } });
  await assert.rejects(find('nas.local'), { code: 'ENOTFOUND' });
  assert.deepEqual(system, []);
});

/** A clock whose one timer runs when the test says so. */
function heldClock() {
  const timers: { delayMs: number; isRef: boolean; run: () => void }[] = [];
  const clock: Partial<Clock> = {
    setTimeout(run, delayMs) {
      const timer = { delayMs, isRef: true, run };
      timers.push(timer);
      return {
        ref: () => undefined,
        unref: () => Object.assign(timer, { isRef: false }),
      };
    },
    clearTimeout: () => undefined,
  };
  return { clock, timers };
}

test('a silent name server is given up after a second, and the system is not asked', async (t) => {
  const { clock, timers } = heldClock();
  const { find, server, system } = await start(t, { clock, reply: () => 'silence' });
  const rejected = assert.rejects(find('gateway.example'), { code: 'EAI_AGAIN' });
  await server.heard(2);
  assert.deepEqual(
    timers.map(({ delayMs, isRef }) => ({ delayMs, isRef })),
    [{ delayMs: 1000, isRef: false }],
  );
  timers[0]?.run();
  await rejected;
  assert.deepEqual(system, []);
});

test('an address that came counts where the question for the other family gets no answer', async (t) => {
  const { clock, timers } = heldClock();
  const reply = (_name: string, family: 4 | 6): Reply => (family === 4 ? ['10.0.0.1'] : 'silence');
  const { find, server } = await start(t, { clock, reply });
  const found = find('gateway.example');
  // The silent question is asked again once the other has long been answered.
  await server.heard(3);
  timers[0]?.run();
  assert.deepEqual(await found, [v4('10.0.0.1')]);
});
