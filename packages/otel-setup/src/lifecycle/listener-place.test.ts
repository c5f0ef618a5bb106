import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { it } from 'node:test';
import type { Host } from './host.ts';
import { keepPlace } from './listener-place.ts';

it('two pipelines make way for a foreign listener once each, and come to rest', async () => {
  const host = new EventEmitter();
  const said: string[] = [];
  let moves = 0;
  for (const name of ['first', 'second']) {
    const own = (): void => {
      said.push(name);
    };
    host.on('exit', own);
    keepPlace(host as unknown as Host, new Set(['exit']), new Set([own]), () => {
      // A loop of microtasks would never let this test end.
      if (++moves > 10) return;
      host.off('exit', own);
      host.on('exit', own);
    });
  }
  host.on('exit', () => said.push('application'));
  await new Promise(setImmediate);
  host.emit('exit');
  assert.deepEqual(said, ['application', 'first', 'second']);
  assert.equal(moves, 2);
});

it("makes way while a test's fake timers have taken queueMicrotask", async (t) => {
  t.mock.method(globalThis, 'queueMicrotask', () => undefined);
  const host = new EventEmitter();
  const replaced: string[] = [];
  keepPlace(host as unknown as Host, new Set(['exit']), new Set(), (event) => replaced.push(event));
  host.on('exit', () => undefined);
  await Promise.resolve();
  assert.deepEqual(replaced, ['exit']);
});
