import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import winston, { type Logger } from 'winston';
import Transport from 'winston-transport';
import { adoptLogger, createLogger } from './create-logger.ts';

class Silent extends Transport {
  override log(_info: object, next: () => void): void {
    next();
  }
}

/** What came as a call, and what as an info. */
function logged(change: (logger: Logger) => Logger, call?: (logger: Logger) => void) {
  const came: string[] = [];
  const logger = createLogger('info', undefined, String);
  adoptLogger(
    logger,
    (info) => came.push(`info ${info.message}`),
    (level, text, fields) => came.push(`${level} ${text} ${JSON.stringify(fields)}`) > 0,
  );
  const changed = change(logger);
  (call ?? ((one) => one.info('placed', { orderId: 7 })))(changed);
  return came;
}

describe('a plain call', () => {
  it('comes to our transport as it was made', () => {
    assert.deepEqual(
      logged((logger) => logger),
      ['info placed {"orderId":7}'],
    );
  });

  it('may be a text alone, with whatever in it', () => {
    assert.deepEqual(
      logged(
        (logger) => logger,
        (logger) => logger.warn('at 50 %s'),
      ),
      ['warn at 50 %s {}'],
    );
  });

  for (const [where, change] of [
    ['another transport reads', (logger: Logger) => logger.add(new Silent())],
    ['somebody listens', (logger: Logger) => logger.on('data', () => undefined)],
    ['somebody reads by hand', (logger: Logger) => logger.on('readable', () => logger.read())],
    [
      'a format is the application’s',
      (logger: Logger) => set(logger, { format: winston.format.json() }),
    ],
    [
      'somebody has changed ours',
      (logger: Logger) => {
        Object.assign(logger.format, { transform: (info: object) => info });
        return logger;
      },
    ],
    ['the logger has fields', (logger: Logger) => set(logger, { defaultMeta: { a: 1 } })],
    ['it is a child', (logger: Logger) => logger.child({ a: 1 })],
    ['write is wrapped', (logger: Logger) => set(logger, { write: wrapped(logger) })],
    ['our transport has a level', (logger: Logger) => setLevel(logger, 'info')],
  ] as const) {
    it(`comes as an info where ${where}`, () => {
      assert.deepEqual(logged(change), ['info placed']);
    });
  }

  // As winston reads it: whatever is truthy, a variable of the environment for instance.
  for (const silent of [true, '1']) {
    it(`does not come at all where the logger or our transport is silent: ${typeof silent}`, () => {
      const call = (logger: Logger) => {
        logger.info('placed', { orderId: 7 });
        logger.info('placed', { order: {} });
        logger.log('info', 'placed');
      };
      assert.deepEqual(
        logged((logger) => set(logger, { silent }), call),
        [],
      );
      const silence = (logger: Logger) => {
        for (const transport of logger.transports) Object.assign(transport, { silent });
        return logger;
      };
      assert.deepEqual(logged(silence, call), []);
    });
  }

  it('is none with %, an Error, a Map, a message of its own or a third argument', () => {
    const odd = (logger: Logger) => {
      logger.info('50 %', { a: 1 });
      logger.info('text', new Error('no'));
      logger.info('text', new Map());
      logger.info('text', { message: 'more' });
      logger.info('text', { a: 1 }, 2);
      logger.info(7);
      logger.info(undefined);
    };
    const came = logged((logger) => logger, odd);
    assert.equal(came.length, 7);
    assert.ok(
      came.every((one) => one.startsWith('info ') && !one.includes('{')),
      came.join('\n'),
    );
  });

  it('that is refused comes as an info', () => {
    const came: unknown[] = [];
    const logger = createLogger('info', undefined, String);
    const accept = (info: object) => came.push({ ...info });
    adoptLogger(logger, accept, () => false);
    logger.info('placed', { orderId: 7 });
    logger.info('placed', {
      get orderId() {
        throw new Error('no');
      },
    });
    const placed = { level: 'info', message: 'placed' };
    assert.partialDeepStrictEqual(came, [{ ...placed, orderId: 7 }, placed]);
    assert.equal(came.length, 2);
  });
});

describe('who wraps write of winston’s prototype, as instrumentation-winston and dd-trace do', () => {
  it('sees each record, and what is handed on is what arrives', () => {
    const came: unknown[] = [];
    const logger = createLogger('info', undefined, String);
    const accept = (info: object) => came.push({ ...info });
    adoptLogger(logger, accept, () => came.push('a call') > 0);
    const winstons: Wrappable = Object.getPrototypeOf(Object.getPrototypeOf(logger));
    const { write } = winstons;
    winstons.write = function marking(this: unknown, info: object): unknown {
      return write.call(this, { ...info, dd: { trace_id: '1' } });
    };
    try {
      logger.info('placed', { orderId: 7 });
      logger.info('placed');
      logger.info({ message: 'placed', orderId: 7 });
    } finally {
      Reflect.deleteProperty(winstons, 'write');
    }
    logger.info('placed', { orderId: 7 });
    const marked = { message: 'placed', dd: { trace_id: '1' } };
    assert.partialDeepStrictEqual(came.slice(0, 3), [marked, marked, marked]);
    assert.deepEqual(came.slice(3), ['a call']);
  });
});

describe('who has wrapped write of a logger before it was adopted', () => {
  it('sees each record, and what is handed on is what arrives', () => {
    const came: unknown[] = [];
    const logger = createLogger('info', undefined, String);
    const { write } = logger;
    set(logger, {
      write(info: object): unknown {
        return Reflect.apply(write, logger, [{ ...info, marked: true }]);
      },
    });
    const accept = (info: object) => came.push({ ...info });
    adoptLogger(logger, accept, () => came.push('a call') > 0);
    logger.info('placed', { orderId: 7 });
    logger.info('placed');
    logger.info({ message: 'placed', orderId: 7 });
    assert.equal(came.length, 3);
    const marked = { message: 'placed', marked: true };
    assert.partialDeepStrictEqual(came, [marked, marked, marked]);
  });
});

interface Wrappable {
  write(this: unknown, info: object): unknown;
}

function set(logger: Logger, properties: object): Logger {
  return Object.assign(logger, properties);
}

function setLevel(logger: Logger, level: string): Logger {
  for (const transport of logger.transports) transport.level = level;
  return logger;
}

function wrapped(logger: Logger): unknown {
  const { write } = logger;
  return function write2(this: unknown, ...args: never[]): unknown {
    return Reflect.apply(write, this, args);
  };
}
