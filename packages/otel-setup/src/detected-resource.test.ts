import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { containerDetector } from '@opentelemetry/resource-detector-container';
import { type ResourceDetector, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { detectResource } from './detected-resource.ts';
import type { Notice } from './errors.ts';
import { Places } from './places.ts';
import type { Definition } from './record/batch.ts';
import type { Clock } from './world.ts';

/** A clock whose timers fire when they are told to. */
function fakeClock() {
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: Date.now,
    monotonic: () => 0,
    setTimeout(run) {
      timers.add(run);
      const timer = { ref: () => timer, unref: () => timer, run };
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete((timer as unknown as { run: () => void }).run);
    },
  };
  return { clock, timers };
}

function detected(detectors: ResourceDetector[], configured: Record<string, string> = {}) {
  const notices: Notice[] = [];
  const { clock, timers } = fakeClock();
  const notice = (one: Notice) => notices.push(one);
  const resource = detectResource({
    configured: { 'service.name': 'shop', ...configured },
    detectors,
    clock,
    notice,
  });
  return { resource, notices, timers };
}

const finds = (attributes: Record<string, unknown>): ResourceDetector => ({
  detect: () => ({ attributes: attributes as never }),
});

test('what is configured beats what is found, and the later of two detectors wins', () => {
  const { resource, notices, timers } = detected([
    finds({ 'service.name': 'other', 'os.type': 'linux', team: 'a' }),
    finds({ team: 'b', gone: undefined }),
  ]);
  assert.deepEqual(resource.attributes, {
    'service.name': 'shop',
    'os.type': 'linux',
    team: 'b',
  });
  assert.deepEqual([notices.length, timers.size], [0, 0]);
  const unnamed = detected([finds({ 'service.name': 'found' })], {
    'service.name': 'unknown_service:node',
  });
  assert.equal(unnamed.resource.attributes['service.name'], 'found');
});

test('a detector that throws, rejects or never answers costs one notice, and nothing but its own values', async () => {
  class Throws {
    detect(): never {
      throw new TypeError('no');
    }
  }
  class Rejects {
    detect() {
      const attributes = { a: Promise.reject(new Error('refused')), b: Promise.reject('x') };
      return { attributes: attributes as never };
    }
  }
  class Silent {
    detect() {
      return { attributes: { c: new Promise<string>(() => undefined) } };
    }
  }
  const { resource, notices, timers } = detected([
    new Throws(),
    new Rejects(),
    new Silent(),
    finds({ d: Promise.resolve('found') }),
    { detect: () => undefined as never },
  ]);
  assert.equal(resource.asyncAttributesPending, true);
  await new Promise((resolve) => setImmediate(resolve));
  for (const run of timers) run();
  await resource.waitForAsyncAttributes?.();
  assert.equal(resource.attributes.d, 'found');
  assert.equal(resource.attributes.c, undefined);
  assert.deepEqual(
    notices.map(({ code, message }) => [code, /^.*?\)(?=:)/.exec(message)?.[0]]),
    [
      ['OTEL_SETUP_RESOURCE_DETECTOR', 'The resource detector Throws failed (TypeError: no)'],
      [
        'OTEL_SETUP_RESOURCE_DETECTOR',
        "The resource detector Object failed (TypeError: Cannot read properties of undefined (reading 'attributes'))",
      ],
      ['OTEL_SETUP_RESOURCE_DETECTOR', 'The resource detector Rejects failed (Error: refused)'],
      [
        'OTEL_SETUP_RESOURCE_DETECTOR',
        'The resource detector Silent failed (no answer within 2 s)',
      ],
    ],
  );
});

test('the timer ends with the last detector', async () => {
  const { resource, timers, notices } = detected([finds({ a: Promise.resolve(1) })]);
  assert.equal(timers.size, 1);
  await resource.waitForAsyncAttributes?.();
  assert.deepEqual([timers.size, notices.length], [0, 0]);
});

test('what is found late joins later records, but never as an index label', async () => {
  const defined: Definition[] = [];
  const late: string[] = [];
  const places = new Places({
    limits: { attributeCount: 128, attributeValueLength: Number.POSITIVE_INFINITY },
    toRecord: () => undefined as never,
    fromEmitted: () => undefined as never,
    plain: () => undefined as never,
    define: (definition) => defined.push(definition),
    changed: () => undefined,
    lateLabels: (names) => late.push(...names),
  });
  const { resource } = detected([
    finds({
      'cloud.region': 'eu-west-1',
      'host.id': Promise.resolve('h1'),
      'cloud.availability_zone': Promise.resolve('eu-west-1a'),
    }),
  ]);
  const scope = { name: 'winston' };
  const first = places.of(resource, scope);
  assert.equal(places.of(resource, scope), first);
  await resource.waitForAsyncAttributes?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(first.isCurrent, false);
  const second = places.of(resource, scope);
  assert.equal(places.of(resource, scope), second);
  const [before, after] = defined.map((definition) => Buffer.from(definition.resource).toString());
  assert.match(String(before), /eu-west-1/);
  assert.doesNotMatch(String(before), /host\.id/);
  assert.match(String(after), /eu-west-1[\s\S]*host\.id[\s\S]*h1/);
  assert.doesNotMatch(String(after), /availability/);
  assert.deepEqual([defined.length, late], [2, ['cloud.availability_zone']]);
});

test('a detector that is asynchronous as a whole is told, and never ends the process', async () => {
  const late = (detect: () => unknown) => ({ detect }) as unknown as ResourceDetector;
  const { resource, notices } = detected([
    late(() => Promise.resolve({ attributes: { team: 'a' } })),
    late(() => Promise.reject(new Error('no password=hunter22x'))),
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(resource.attributes.team, undefined);
  assert.match(String(notices[0]?.message), /asynchronous, as in SDK 1\.x/);
  assert.match(String(notices[1]?.message), /Error: no password=\[redacted\]/);
});

test('a promise of another make is bounded, and an attribute that throws costs its detector only', async () => {
  const foreign = runInNewContext('Promise').reject(new Error('gone'));
  const { resource, notices } = detected([
    finds({ team: 'a', 'host.id': foreign }),
    finds({
      get zone(): string {
        throw new Error('no zone');
      },
    }),
  ]);
  await resource.waitForAsyncAttributes?.();
  assert.equal(resource.attributes.team, 'a');
  const reasons = notices.map(({ message }) => /\(Error: (.*?)\)/.exec(message)?.[1]);
  assert.deepEqual(reasons.sort(), ['gone', 'no zone']);
});

test('detectors of OpenTelemetry work as they come', async () => {
  const { resource, notices } = detected([containerDetector, serviceInstanceIdDetector], {
    'service.instance.id': 'mine',
  });
  await resource.waitForAsyncAttributes?.();
  assert.equal(resource.attributes['service.instance.id'], 'mine');
  assert.match(String(resource.attributes['container.id'] ?? 'f2b3c4d5e6a7'), /^[0-9a-f-]+$/);
  assert.deepEqual(notices, []);
});
