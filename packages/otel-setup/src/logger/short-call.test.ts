import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import winston, { type Logger } from 'winston';
import Transport from 'winston-transport';
import { gateLevels } from './capture.ts';
import { createShortCall } from './short-call.ts';

class Taking extends Transport {
  readonly infos: object[] = [];
  override log(info: object, next: () => void): void {
    this.infos.push(info);
    next();
  }
}

type Call = (logger: Logger, message: unknown, meta: unknown) => void;

/** The infos of the same call by winston alone, unless that throws, and by the gated logger. */
function both(defaultMeta: object | undefined, message: unknown, meta: unknown, call: Call) {
  return [false, true].map((isGated) => {
    const transport = new Taking();
    const format = { transform: (info: object) => info } as unknown as winston.Logform.Format;
    const logger = winston.createLogger({ transports: [transport], format, defaultMeta });
    if (isGated) gateLevels(logger);
    try {
      call(logger, message, meta);
    } catch (error) {
      assert.ok(!isGated, String(error));
      return undefined;
    }
    return transport.infos;
  });
}

const info: Call = (logger, message, meta) => void logger.info(message as string, meta);
const child: Call = (logger, message, meta) =>
  void logger.child({ child: 1, level: 'warn' }).info(message as string, meta);

const keys = fc.constantFrom('a', 'b.c', 'level', 'message', 'stack', 'cause', '1', '__proto__');
const metas = fc.oneof(
  fc
    .array(fc.tuple(keys, fc.anything({ maxDepth: 1 })), { maxLength: 6 })
    // As JSON.parse makes it: `__proto__` is a field.
    .map((fields) => Object.fromEntries(fields)),
  fc.anything(),
);

describe('the short call', () => {
  it('gives the very info that winston makes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constant('50 %s'), fc.anything()),
        metas,
        fc.option(fc.constant({ service: 's', a: 0 }), { nil: undefined }),
        fc.constantFrom(info, child),
        (message, meta, defaultMeta, call) => {
          const [theirs, ours] = both(defaultMeta, message, meta, call);
          assert.equal(ours?.length, 1);
          if (theirs !== undefined) {
            assert.deepEqual(ours, theirs);
            assert.deepEqual(ours?.map(Reflect.ownKeys), theirs.map(Reflect.ownKeys));
          }
        },
      ),
    );
  });

  it('is taken for a text and fields, and for nothing else', () => {
    const gatedLog = () => undefined;
    const shortCall = createShortCall(winston.createLogger(), 'info', gatedLog);
    const written: object[] = [];
    const self = { log: gatedLog, write: (one: object) => written.push(one) };
    assert.equal(shortCall(self, 2, 'text', { a: 1 }), true);
    assert.equal(written.length, 1);
    assert.equal(shortCall(self, 2, 'text %s', { a: 1 }), false);
    assert.equal(shortCall(self, 2, 'text', new Error('no')), false);
    assert.equal(shortCall(self, 2, 'text', 1), false);
    assert.equal(written.length, 1);
  });

  for (const name of ['info', 'log']) {
    it(`leaves the call to whoever wrapped ${name} before us`, () => {
      const logger = winston.createLogger({ transports: [new Taking()] });
      const wrapper = wrap(logger, name);
      gateLevels(logger);
      logger.info('text', { a: 1 });
      assert.equal(wrapper.calls, 1);
    });

    it(`leaves the call to whoever wraps ${name} after us`, () => {
      const logger = winston.createLogger({ transports: [new Taking()] });
      gateLevels(logger);
      const wrapper = wrap(logger, name);
      logger.info('text', { a: 1 });
      assert.equal(wrapper.calls, 1);
    });
  }

  it('leaves the call to a log method that somebody puts on the logger', () => {
    const logger = winston.createLogger({ transports: [new Taking()] });
    gateLevels(logger);
    const calls: unknown[][] = [];
    Object.assign(logger, { log: (...args: unknown[]) => calls.push(args) });
    logger.info('text', { a: 1 });
    assert.deepEqual(calls, [['info', 'text', { a: 1 }]]);
  });
});

/** As instrumentation does it: on the prototype. */
function wrap(logger: Logger, name: string): { readonly calls: number } {
  const prototype = Object.getPrototypeOf(logger);
  const inner = prototype[name];
  const wrapper = { calls: 0 };
  prototype[name] = function wrapped(this: unknown, ...args: unknown[]) {
    wrapper.calls++;
    return inner.apply(this, args);
  };
  return wrapper;
}
