import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import winston, { type Logger } from 'winston';
import { adoptLogger, createLogger } from './create-logger.ts';
import { messageSymbol, type Print } from './own-console.ts';

function started(shown?: Print) {
  const asked: unknown[] = [];
  const logger = createLogger('info', shown, ({ message }) => {
    asked.push(message);
    return `<${String(message)}>`;
  });
  const came: unknown[] = [];
  adoptLogger(logger, ({ message }) => came.push(message));
  return { logger, asked, came };
}

/** What a transport of the application's writes for the calls. */
function written(
  logger: Logger,
  options: winston.transport.TransportStreamOptions,
  log: () => void,
): string {
  const stream = new PassThrough();
  logger.add(new winston.transports.Stream({ ...options, stream, eol: '\n' }));
  log();
  return String(stream.read() ?? '');
}

describe('a transport that the application adds to the logger of init()', () => {
  it('prints a line for each record', () => {
    const { logger, came } = started();
    const lines = written(logger, {}, () => {
      logger.info('%s placed', 'order', { id: 1 });
      logger.error(new Error('out'));
      logger.child({ c: 1 }).warn('from a child');
    });
    assert.equal(lines, '<order placed>\n<out>\n<from a child>\n');
    assert.deepEqual(came, ['order placed', 'out', 'from a child']);
  });

  it('prints one for an object that is frozen', () => {
    const { logger } = started();
    const frozen = Object.freeze({ level: 'info', message: 'm', [Symbol.for('level')]: 'info' });
    assert.equal(
      written(logger, {}, () => logger.write(frozen)),
      '<m>\n',
    );
  });

  it('keeps to a format of its own, and no line is made for it', () => {
    const { logger, asked } = started();
    const format = winston.format.printf(({ message }) => `mine: ${String(message)}`);
    assert.equal(
      written(logger, { format }, () => logger.info('m')),
      'mine: m\n',
    );
    assert.deepEqual(asked, []);
  });

  it('prints one after configure() has put it in the place of the console', () => {
    const { logger } = started();
    const stream = new PassThrough();
    logger.configure({ transports: [new winston.transports.Stream({ stream, eol: '\n' })] });
    logger.info('m');
    assert.equal(String(stream.read()), '<m>\n');
  });
});

it('whoever listens to the records of init()’s logger finds the line on them', () => {
  const { logger } = started();
  const lines: unknown[] = [];
  logger.on('data', (info: Record<symbol, unknown>) => lines.push(info[messageSymbol]));
  logger.info('m');
  assert.deepEqual(lines, ['<m>']);
});

it('no line is made where nobody reads one', (t) => {
  t.mock.method(console, 'log', () => undefined);
  const { logger, asked } = started({ info: () => '<shown>', call: undefined });
  Object.assign(logger.transports[0] ?? {}, { forceConsole: true });
  logger.info('m', { list: [1] });
  assert.deepEqual(asked, []);
});
