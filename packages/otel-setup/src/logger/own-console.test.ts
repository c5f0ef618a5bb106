import assert from 'node:assert/strict';
import { PassThrough, type Writable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import winston, { type Logger } from 'winston';
import { adoptLogger, createLogger } from './create-logger.ts';
import type { Print } from './own-console.ts';

/** Node's console finds its streams by these two. */
function replace(t: TestContext, name: '_stdout' | '_stderr', value: Writable | undefined): void {
  const own = Object.getOwnPropertyDescriptor(console, name) ?? {};
  Object.defineProperty(console, name, { value, configurable: true });
  t.after(() => Object.defineProperty(console, name, own));
}

/** What goes to the console, and what to us as a call or as an info, of one logger. */
function started(
  t: TestContext,
  print: Partial<Print> = {},
  isPlain: (fields: object) => boolean = () => true,
) {
  const streams = { out: new PassThrough(), err: new PassThrough() };
  replace(t, '_stdout', streams.out);
  replace(t, '_stderr', streams.err);
  const came: string[] = [];
  const shown: Print = {
    info: ({ message }) => `<info ${String(message)}>`,
    call: (level, text, fields) => `<${level} ${text} ${JSON.stringify(fields)}>`,
    ...print,
  };
  const logger = createLogger('info', shown, String);
  adoptLogger(
    logger,
    (info) => came.push(`info ${String(info.message)}`),
    (_level, text, fields) => isPlain(fields) && came.push(`call ${text}`) > 0,
  );
  const read = (stream: PassThrough) => String(stream.read() ?? '').trim();
  return { logger, came, out: () => read(streams.out), err: () => read(streams.err) };
}

function transportOf(logger: Logger): winston.transport {
  const [transport] = logger.transports;
  assert.ok(transport instanceof winston.transports.Console);
  return transport;
}

describe('the console of init()’s logger', () => {
  it('prints a plain call as it was made', (t) => {
    const { logger, came, out } = started(t);
    logger.info('placed', { orderId: 7 });
    logger.warn('at 50 %');
    assert.deepEqual(came, ['call placed', 'call at 50 %']);
    assert.equal(out(), '<info placed {"orderId":7}>\n<warn at 50 % {}>');
  });

  it('prints the fields of the request behind those of the call', (t) => {
    const { logger, came, out } = started(t, {
      shared: () => ({ requestId: 'r1', none: undefined }),
    });
    logger.info('placed', { orderId: 7 });
    logger.info('paid');
    assert.deepEqual(came, ['call placed', 'call paid']);
    assert.equal(
      out(),
      '<info placed {"orderId":7,"requestId":"r1"}>\n<info paid {"requestId":"r1"}>',
    );
  });

  it('does not look at the fields of the request for a call that is left', (t) => {
    let reads = 0;
    const request = Object.defineProperty({}, 'requestId', {
      enumerable: true,
      get: () => ++reads,
    });
    const { logger, came } = started(t, { shared: () => request }, (fields) => !('user' in fields));
    logger.info('placed', { user: {} });
    assert.deepEqual([came, reads], [['info placed'], 0]);
    logger.info('placed', { orderId: 7 });
    assert.equal(reads, 1);
  });

  it('prints the info where a field of the request has the name of one of its own', (t) => {
    const { logger, came, out } = started(t, { shared: () => ({ timestamp: 1 }) });
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['info placed'], '<info placed>']);
  });

  it('asks a getter once, for itself and for the record', (t) => {
    const { logger, out } = started(t);
    let reads = 0;
    logger.info('placed', {
      get orderId() {
        return ++reads;
      },
    });
    assert.deepEqual([reads, out()], [1, '<info placed {"orderId":1}>']);
  });

  it('asks a getter once where the fields must come as an info: what it logs comes once', (t) => {
    const { logger, came, out } = started(t, {}, (fields) => !('refused' in fields));
    for (const rest of [{ refused: true }, { timestamp: 1 }]) {
      logger.info('outer', {
        get orderId() {
          logger.info('inner');
          return 7;
        },
        ...rest,
      });
    }
    const each = ['call inner', 'info outer'];
    assert.deepEqual(came, [...each, ...each]);
    assert.equal(out().split('\n').length, 4);
  });

  it('prints nothing of a level where the logger’s own is misspelt, as winston does', (t) => {
    const { logger, came, out } = started(t);
    logger.level = 'verbos';
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['info placed'], '']);
    logger.level = '';
    logger.info('placed', { orderId: 7 });
    assert.equal(out(), '<info placed {"orderId":7}>');
  });

  it('prints the info where a field has the name of one of its own, or cannot be read', (t) => {
    const { logger, came, out } = started(t);
    logger.info('one', { timestamp: 1 });
    logger.info('two', {
      get a() {
        throw new Error('no');
      },
    });
    assert.deepEqual(came, ['info one', 'info two']);
    assert.equal(out(), '<info one>\n<info two>');
  });

  it('prints an info where it has no line for a call', (t) => {
    const { logger, came, out } = started(t, { call: undefined });
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['info placed'], '<info placed>']);
  });

  for (const [what, change, shown] of [
    [
      'a format',
      { format: winston.format.printf(({ message }) => `own ${message}`) },
      'own placed',
    ],
    ['a level that lets it pass', { level: 'debug' }, '<info placed>'],
    ['a level that does not', { level: 'error' }, ''],
    ['silence', { silent: true }, ''],
    ['silence by a value of another type', { silent: 1 }, ''],
  ] as const) {
    it(`keeps to ${what} that it was given`, (t) => {
      const { logger, came, out } = started(t);
      Object.assign(transportOf(logger), change);
      logger.info('placed', { orderId: 7 });
      assert.deepEqual([came, out()], [['info placed'], shown]);
    });
  }

  it('writes where winston’s own does: stderrLevels, forceConsole, a console without a stream', (t) => {
    const lines: unknown[] = [];
    t.mock.method(console, 'log', (line: unknown) => lines.push(line));
    const { logger, out, err } = started(t);
    Object.assign(transportOf(logger), { stderrLevels: { error: true } });
    logger.error('to stderr', { a: 1 });
    logger.info('to stdout', { a: 1 });
    assert.deepEqual([err(), out()], ['<info to stderr>', '<info to stdout {"a":1}>']);
    Object.assign(transportOf(logger), { forceConsole: true });
    logger.info('by console.log', { a: 1 });
    Object.assign(transportOf(logger), { forceConsole: false });
    replace(t, '_stdout', undefined);
    logger.info('without a stream', { a: 1 });
    assert.deepEqual(lines, ['<info by console.log>', '<info without a stream>']);
  });

  it('tells of each line those who listen', async (t) => {
    const { logger } = started(t);
    const logged = new Promise<unknown>((resolve) => {
      transportOf(logger).once('logged', resolve);
    });
    logger.info('placed', { orderId: 7 });
    assert.partialDeepStrictEqual(await logged, { message: 'placed', orderId: 7 });
  });

  it('leaves the record to whoever has wrapped it', (t) => {
    const { logger, came, out } = started(t);
    const transport = transportOf(logger);
    const { log } = transport;
    transport.log = function marked(info: object, next: () => void): void {
      log?.call(this, { ...info, message: 'marked' }, next);
    };
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['info placed'], '<info marked>']);
  });

  it('leaves the record to whoever has wrapped its write', (t) => {
    const { logger, came, out } = started(t);
    const transport = transportOf(logger);
    const write = transport.write.bind(transport) as (info: object) => boolean;
    transport.write = (info: object) => write({ ...info, message: 'marked' });
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['info placed'], '<info marked>']);
  });

  it('that was taken out prints nothing more', (t) => {
    const { logger, came, out } = started(t);
    logger.remove(transportOf(logger));
    logger.info('placed', { orderId: 7 });
    assert.deepEqual([came, out()], [['call placed'], '']);
  });
});
