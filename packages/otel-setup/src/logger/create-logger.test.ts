import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import winston, { type Logger } from 'winston';
import Transport from 'winston-transport';
import { type Info, levelSymbol, splatSymbol } from '../record/info.ts';
import { adoptLogger, createLogger } from './create-logger.ts';
import { contextSymbol } from './trace-context.ts';

function collected(make: (accept: (info: Info) => void) => Logger): {
  logger: Logger;
  infos: Info[];
} {
  const infos: Info[] = [];
  return { logger: make((info) => infos.push(info)), infos };
}

const created = (level = 'info') =>
  collected((accept) => {
    const logger = createLogger(level, undefined, String);
    adoptLogger(logger, accept);
    return logger;
  });

const adopted = (options: winston.LoggerOptions) =>
  collected((accept) => {
    const logger = winston.createLogger(options);
    adoptLogger(logger, accept);
    return logger;
  });

const messages = (infos: readonly Info[]) => infos.map((info) => info.message);

/** A transport of which the test decides when, and whether, it calls back. */
class Sibling extends Transport {
  readonly callbacks: (() => void)[] = [];
  override log(_info: unknown, callback: () => void): void {
    this.callbacks.push(callback);
  }
}

/** An application's OpenTelemetry API, as far as we look at it. */
function withContexts(test: (run: AsyncLocalStorage<object>['run']) => void): void {
  const storage = new AsyncLocalStorage<object>();
  const api = Symbol.for('opentelemetry.js.api.1');
  const holder = globalThis as unknown as Record<symbol, unknown>;
  const before = holder[api];
  holder[api] = { version: '1.10.0', context: { active: () => storage.getStore() } };
  try {
    test(storage.run.bind(storage));
  } finally {
    holder[api] = before;
  }
}

const contextsOf = (infos: readonly Info[]) =>
  infos.map((info) => (info as { [contextSymbol]?: unknown })[contextSymbol]);

describe('the logger that init() makes', () => {
  it('passes every record of its level on before the call returns', () => {
    const { logger, infos } = created();
    logger.info('one');
    logger.error('two', { a: 1 });
    logger.log('warn', 'three');
    logger.log({ level: 'info', message: 'four' });
    logger.debug('not this');
    assert.deepEqual(messages(infos), ['one', 'two', 'three', 'four']);
    assert.equal(infos[1]?.a, 1);
  });

  it('follows its level at run time, children included', () => {
    const { logger, infos } = created();
    const child = logger.child({ requestId: 'r1' });
    child.debug('before');
    logger.level = 'debug';
    child.debug('after');
    assert.deepEqual(messages(infos), ['after']);
    assert.equal(infos[0]?.requestId, 'r1');
  });

  it('fills in tokens, and leaves metadata alone where there is none', () => {
    const { logger, infos } = created();
    logger.info('hello %s, you are %d', 'bob', 42);
    logger.info('plain', { level: 'error', message: 'more' });
    assert.deepEqual(messages(infos), ['hello bob, you are 42', 'plain more']);
    assert.equal(infos[1]?.[levelSymbol], 'info');
  });

  it('takes out of the arguments, as splat() does, what it has laid over the record', () => {
    const { logger, infos } = created();
    logger.info('hello %s', 'bob', { a: 1 }, { a: 2 }, 'more');
    assert.deepEqual([infos[0]?.a, infos[0]?.[splatSymbol]], [1, ['bob', { a: 2 }, 'more']]);
  });

  it('takes a frozen object, which winston alone would throw on', () => {
    const { logger, infos } = created();
    logger.info(Object.freeze({ message: 'frozen', a: 1 }));
    assert.deepEqual([infos[0]?.message, infos[0]?.a], ['frozen', 1]);
  });

  it('has children whose fields cannot all be read', () => {
    const { logger, infos } = created();
    const fields = {
      id: 7,
      get total() {
        throw new TypeError('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    logger.child(fields).info('m', { a: 1 });
    logger.child(proxy).info('n');
    assert.deepEqual(
      [infos[0]?.id, infos[0]?.total, infos[0]?.a],
      [7, '[unreadable: TypeError: no]', 1],
    );
    assert.match(String(infos[1]?.['otel_setup.child']), /^\[unreadable: /);
  });

  it('prints what winston cannot copy for a format', (t) => {
    const lines: unknown[] = [];
    t.mock.method(console, 'log', (line: unknown) => lines.push(line));
    const info = ({ message }: Info) => `<${message}>`;
    const logger = createLogger('info', { info, call: undefined }, String);
    Object.assign(logger.transports[0] ?? {}, { forceConsole: true });
    adoptLogger(logger, () => undefined);
    const order = {
      message: 'm',
      get total() {
        throw new TypeError('no');
      },
    };
    logger.info(order);
    logger.error(Object.assign(new Error('out'), { a: 1 }));
    assert.deepEqual(lines, ['<m>', '<out>']);
  });

  it('keeps profilers, level checks and custom streams working', () => {
    const { logger, infos } = created();
    logger.profile('work');
    logger.profile('work');
    logger.startTimer().done({ message: 'timed' });
    assert.deepEqual(messages(infos), ['work', 'timed']);
    assert.equal(typeof infos[1]?.durationMs, 'number');
    assert.deepEqual([logger.isInfoEnabled(), logger.isDebugEnabled()], [true, false]);
    const { info } = logger;
    info('without this');
    assert.equal(infos.length, 3);
  });
});

describe('a logger that was adopted', () => {
  it('keeps sending when its transports are cleared for others', () => {
    const stream = new PassThrough();
    const { logger, infos } = adopted({ transports: [new winston.transports.Console()] });
    logger.clear().add(new winston.transports.Stream({ stream }));
    logger.info('one');
    logger.child({ a: 1 }).clear();
    logger.info('two');
    assert.deepEqual(messages(infos), ['one', 'two']);
    assert.match(String(stream.read()), /one/);
  });

  it('that lost our transport by remove() gets it back when it is adopted again', () => {
    const { logger, infos } = adopted({});
    const [ours] = logger.transports;
    assert.ok(ours !== undefined);
    logger.remove(ours);
    logger.silent = true;
    logger.info('lost');
    logger.silent = false;
    adoptLogger(logger, () => assert.fail('a second transport'));
    logger.info('kept');
    assert.deepEqual(messages(infos), ['kept']);
  });

  it('whose level it does not know itself still reaches transports with a level of their own', () => {
    for (const level of ['TRACE', 'all', undefined]) {
      const stream = new PassThrough();
      const own = new winston.transports.Stream({ stream, level: 'info' });
      const { logger, infos } = adopted({ transports: [own] });
      (logger as { level: string | undefined }).level = level;
      logger.info('heard');
      assert.match(String(stream.read()), /heard/, level);
      assert.deepEqual(messages(infos), ['heard'], level);
    }
  });

  it('still gives a stream that it is piped into what is below its level', () => {
    const stream = new PassThrough({ objectMode: true });
    const { logger, infos } = adopted({ level: 'info' });
    logger.pipe(stream);
    logger.debug('for the stream');
    assert.equal(stream.read()?.message, 'for the stream');
    assert.deepEqual(infos, []);
  });

  it('keeps its formats, its levels and its other transports', () => {
    const stream = new PassThrough();
    const { logger, infos } = adopted({
      levels: { fatal: 0, loud: 1, quiet: 2 },
      level: 'loud',
      format: winston.format.combine(
        winston.format.label({ label: 'shop' }),
        winston.format.json(),
      ),
      transports: [new winston.transports.Stream({ stream })],
    });
    const methods = logger as unknown as Record<string, (message: string) => void>;
    methods.loud?.('heard');
    methods.quiet?.('unheard');
    assert.deepEqual(messages(infos), ['heard']);
    assert.equal(infos[0]?.label, 'shop');
    assert.deepEqual(JSON.parse(String(stream.read())), {
      label: 'shop',
      level: 'loud',
      message: 'heard',
    });
  });

  it('gives all records at once though another transport never calls back', () => {
    const sibling = new Sibling();
    const { logger, infos } = adopted({ transports: [sibling] });
    for (let i = 0; i < 1_000; i++) {
      logger.info(`m${i}`);
    }
    assert.deepEqual(
      messages(infos),
      Array.from({ length: 1_000 }, (_, i) => `m${i}`),
    );
  });

  it('gives each record once when the stalled transport goes on', () => {
    const sibling = new Sibling();
    const { logger, infos } = adopted({ transports: [sibling] });
    for (let i = 0; i < 100; i++) {
      logger.info(`m${i}`);
    }
    for (let i = 0; i < 100; i++) {
      sibling.callbacks[i]?.();
    }
    logger.info('last');
    assert.equal(infos.length, 101);
    assert.equal(sibling.callbacks.length, 101);
  });

  it('leaves a stalled transport the fields that splat() lays over its records', async () => {
    const lines: unknown[] = [];
    const slow = new Transport({ highWaterMark: 1 } as object);
    slow.log = (info, next) => {
      lines.push([info.message, info.orderId]);
      setImmediate(next);
    };
    const { logger, infos } = adopted({ format: winston.format.splat(), transports: [slow] });
    for (let orderId = 1; orderId <= 3; orderId++) {
      logger.info('bought %s', 'tea', { orderId });
    }
    logger.info('bought', { a: 1 }, { orderId: 4 });
    while (lines.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const all = [1, 2, 3].map((id): unknown[] => ['bought tea', id]).concat([['bought', 4]]);
    assert.deepEqual(lines, all);
    assert.deepEqual(
      infos.map(({ message, orderId }) => [message, orderId]),
      all,
    );
  });

  it('gives all records though another transport throws into the application', () => {
    class Thrower extends Transport {
      override log(): void {
        throw new Error('sibling');
      }
    }
    const { logger, infos } = adopted({ transports: [new Thrower()] });
    assert.throws(() => logger.info('m0'), /sibling/);
    for (let i = 1; i < 100; i++) {
      logger.info(`m${i}`);
    }
    assert.equal(new Set(messages(infos)).size, 100);
    assert.equal(infos.length, 100);
  });

  it('gives each record once where a format hands on copies', () => {
    const sibling = new Sibling();
    const format = winston.format((info) => ({ ...info }))();
    const { logger, infos } = adopted({ format, transports: [sibling] });
    for (let i = 0; i < 100; i++) {
      logger.info(`m${i}`);
    }
    for (let i = 0; i < 100; i++) {
      sibling.callbacks[i]?.();
    }
    assert.equal(sibling.callbacks.length, 100);
    assert.equal(infos.length, 100);
  });

  it('has the context of each call, with an asynchronous transport beside it', () => {
    withContexts((run) => {
      const { logger, infos } = adopted({ transports: [new Sibling()] });
      const contexts = Array.from({ length: 200 }, (_, i) => ({ i }));
      for (const context of contexts) {
        run(context, () => logger.child({}).info('m'));
      }
      assert.deepEqual(contextsOf(infos), contexts);
    });
  });

  for (const transports of [[], [new Sibling()]]) {
    const beside = transports.length === 0 ? 'alone' : 'beside a transport that stalls';
    it(`gives an object that is logged again each time, in the context of that call, ${beside}`, () => {
      withContexts((run) => {
        const logger = winston.createLogger({ transports });
        // Read when the record is taken: afterwards the object is the application's again.
        const seen: unknown[] = [];
        adoptLogger(logger, (info) => seen.push(...contextsOf([info])));
        Array.from({ length: 20 }, () => logger.info('to fill the buffers'));
        seen.length = 0;
        const error = new Error('boom');
        const contexts = [{ i: 0 }, { i: 1 }, { i: 2 }];
        const calls = [
          () => logger.error(error),
          () => logger.error(error),
          () => logger.error('again', error),
        ];
        for (const [i, context] of contexts.entries()) {
          run(context, () => calls[i]?.());
        }
        assert.deepEqual(seen, contexts);
      });
    });
  }

  it('leaves nothing of ours on an object that is logged: it may be thrown, printed or compared', () => {
    withContexts((run) => {
      const objects = (): Info[] => [new Error('boom') as never, { message: 'm', a: 1 }];
      const marksOf = (logger: winston.Logger): (string | undefined)[][] =>
        objects().map((object) => {
          run({ i: 0 }, () => {
            logger.error(object);
            logger.child({ of: 'a child' }).error(object);
            logger.log(Object.assign(object, { level: 'info', message: 'again' }));
          });
          return Object.getOwnPropertySymbols(object).map(({ description }) => description);
        });
      const winstons = marksOf(winston.createLogger({ transports: [new Sibling()] }));
      assert.deepEqual(marksOf(adopted({ transports: [new Sibling()] }).logger), winstons);
      assert.deepEqual(marksOf(adopted({ transports: [] }).logger), winstons);
    });
  });

  it('keeps our transport when it is configured anew', () => {
    const { logger, infos } = adopted({ transports: [new Sibling()] });
    logger.configure({ level: 'debug', transports: [new Sibling()] });
    logger.debug('still here');
    assert.deepEqual(messages(infos), ['still here']);
    assert.equal(logger.transports.length, 2);
  });

  it('is adopted once, however often it is asked', () => {
    const { logger, infos } = adopted({ transports: [new Sibling()] });
    adoptLogger(logger, (info) => infos.push(info));
    logger.info('once');
    assert.equal(infos.length, 1);
  });

  it('drops what its own format drops, and what is below its level', () => {
    const noSecrets = winston.format((info) => (info.message === 'secret' ? false : info));
    const { logger, infos } = adopted({ format: noSecrets(), transports: [new Sibling()] });
    logger.info('secret');
    logger.debug('below');
    logger.info('plain');
    assert.deepEqual(messages(infos), ['plain']);
  });

  it('gives the record of an uncaught exception, too', () => {
    const { logger, infos } = adopted({ transports: [new Sibling()] });
    logger.log({ level: 'error', message: 'uncaughtException: boom', exception: true });
    assert.deepEqual(messages(infos), ['uncaughtException: boom']);
  });

  it('lets winston end at once after an uncaught exception, takes its record once, and stays piped', async () => {
    const { logger, infos } = adopted({ exitOnError: false });
    const [transport] = logger.transports;
    assert.ok(transport);
    logger.exceptions.handle(transport);
    try {
      // What winston does for an uncaught exception (exception-handler.js).
      const finished = new Promise<void>((resolve) => {
        Object.assign(transport, { _ending: true });
        transport.once('finish', resolve);
      });
      logger.log({ level: 'error', message: 'uncaughtException: boom', exception: true });
      assert.deepEqual(messages(infos), ['uncaughtException: boom']);
      await finished;
      logger.info('still here');
      assert.deepEqual(messages(infos), ['uncaughtException: boom', 'still here']);
    } finally {
      logger.exceptions.unhandle();
    }
  });
});
