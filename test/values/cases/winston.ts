// What winston, its formats and its methods make of a call.

import type { Case, Expected, Group } from '../case.ts';

type Fields = { readonly [key: string]: Expected };

function call(name: string, code: string, body: Expected, fields: Fields = {}): Case {
  return { name, code, body, fields };
}

export const calls: Group = {
  title: 'Calls',
  cases: [
    call('text', "logger.info('m')", 'm'),
    call('nothing', 'logger.info()', ''),
    call('text and fields', "logger.info('m', { orderId: 7 })", 'm', { orderId: 7 }),
    call('level, text and fields', "logger.log('info', 'm', { orderId: 7 })", 'm', { orderId: 7 }),
    call('record', "logger.log({ level: 'info', message: 'm', orderId: 7 })", 'm', { orderId: 7 }),
    call('record without a message', "logger.log({ level: 'info', orderId: 7 })", null, {
      orderId: 7,
    }),
    call('object alone', 'logger.info({ orderId: 7, user: { id: 1 } })', {
      orderId: 7,
      user: { id: 1 },
    }),
    call('object alone, with a message', "logger.info({ message: 'm', orderId: 7 })", 'm', {
      orderId: 7,
    }),
    call('number alone', 'logger.info(42)', 42),
    call('boolean alone', 'logger.info(false)', false),
    call('null alone', 'logger.info(null)', 'null'),
    call('undefined alone', 'logger.info(undefined)', 'undefined'),
    call('array alone', "logger.info(['a', 1])", ['a', 1]),
    call(
      'Date alone',
      "logger.info(new Date('2026-01-02T03:04:05.678Z'))",
      '2026-01-02T03:04:05.678Z',
    ),
    call('list with NaN alone', 'logger.info([1, NaN])', [1, 'NaN']),
    call('object with NaN alone', 'logger.info({ ratio: NaN, orderId: 7 })', {
      ratio: 'NaN',
      orderId: 7,
    }),
    call('text and a Date', "logger.info('due', new Date('2026-01-02T03:04:05.678Z'))", 'due', {
      'winston.splat': ['2026-01-02T03:04:05.678Z'],
    }),
    call('text and a Map', "logger.info('m', new Map([['a', 1]]))", 'm', {
      'winston.splat': [{ a: 1 }],
    }),
    call('text and a Buffer', "logger.info('m', Buffer.from('hi'))", 'm', {
      'winston.splat': [new Uint8Array([104, 105])],
    }),
    call(
      'text and an instance with toJSON',
      "class User { name = 'Ada'; ssn = '1'; toJSON() { return { name: this.name }; } }\nlogger.info('m', new User())",
      'm',
      { 'winston.splat': [{ name: 'Ada' }] },
    ),
    call('text and an instance', "class Order { id = 7; }\nlogger.info('m', new Order())", 'm', {
      id: 7,
    }),
    call(
      'object and an object with a message',
      "logger.info({ orderId: 7 }, { message: 'x', a: 1 })",
      { orderId: 7 },
      { 'meta.message': 'x', a: 1 },
    ),
    call('text and an object for a message', "logger.info('m', { message: { a: 1 } })", 'm', {
      'meta.message': { a: 1 },
    }),
    call('text and a number for a message', "logger.info('m', { message: 0 })", 'm', {
      'meta.message': 0,
    }),
    call(
      'percent sign in a path',
      "logger.info('GET /caf%c3%a9', { status: 200 })",
      'GET /caf%c3%a9',
      {
        status: 200,
      },
    ),
    call('percent sign in SQL', 'logger.info("LIKE \'%smith%\'", { ms: 3 })', "LIKE '%smith%'", {
      ms: 3,
    }),
    call('Map alone', "logger.info(new Map([['a', 1]]))", { a: 1 }),
    call('symbol alone', "logger.info(Symbol('blue'))", 'Symbol(blue)'),
    call('BigInt alone', 'logger.info(2n ** 70n)', '1180591620717411303424'),
    call('bytes alone', "logger.info(Buffer.from('hi'))", new Uint8Array([104, 105])),
    call('%s', "logger.info('%s bought %s', 'Ann', 'tea')", 'Ann bought tea'),
    call('%d, %i and %f', "logger.info('%d %i %f', '1.5', 2.9, '3.25')", '1.5 2 3.25'),
    call('%j', "logger.info('order %j', { id: 7 })", 'order {"id":7}'),
    call('%o and %O', "logger.info('%o %O', [1], { a: 1 })", '[ 1, [length]: 1 ] { a: 1 }'),
    call('%%', "logger.info('100%% of %s', 'tea')", '100% of tea'),
    call('% without arguments', "logger.info('100% sure, %s')", '100% sure, %s'),
    call('%s and fields', "logger.info('bought %s', 'tea', { orderId: 7 })", 'bought tea', {
      orderId: 7,
    }),
    call('%s and too many arguments', "logger.info('bought %s', 'tea', 'milk', 3)", 'bought tea', {
      'winston.splat': ['milk', 3],
    }),
    call('further texts', "logger.info('m', 'extra', 5)", 'm', { 'winston.splat': ['extra', 5] }),
    call('several objects', "logger.info('m', { a: 1 }, { b: 2 })", 'm', { a: 1, b: 2 }),
    call('several objects with the same field', "logger.info('m', { a: 1 }, { a: 2 })", 'm', {
      a: 1,
      'winston.splat': [{ a: 2 }],
    }),
    call('array behind a text', "logger.info('m', ['a'], ['b'])", 'm', {
      0: 'a',
      'winston.splat': [['b']],
    }),
    call('message among the fields', "logger.info('m', { message: 'more', a: 1 })", 'm more', {
      a: 1,
    }),
    call('level among the fields', "logger.info('m', { level: 'high' })", 'm', {
      'meta.level': 'high',
    }),
    call('timestamp among the fields', "logger.info('m', { timestamp: '2020-01-01' })", 'm', {
      timestamp: '2020-01-01',
    }),
    call('severity among the fields', "logger.info('m', { severity: 'high' })", 'm', {
      severity: 'high',
      detected_level: 'info',
    }),
    call('trace_id among the fields', "logger.info('m', { trace_id: 'mine' })", 'm', {
      'meta.trace_id': 'mine',
      'otel_setup.renamed': 'trace_id -> meta.trace_id',
    }),
    call('service.name among the fields', "logger.info('m', { 'service.name': 'other' })", 'm', {
      'service.name': 'other',
    }),
    call('child logger', "logger.child({ requestId: 'r-1' }).info('m', { a: 1 })", 'm', {
      requestId: 'r-1',
      a: 1,
    }),
    {
      name: 'timer',
      code: "const timer = logger.startTimer();\ntimer.done({ message: 'm' })",
      fields: { durationMs: (value) => typeof value === 'number' },
      volatile: ['durationMs'],
    },
    {
      name: 'profile',
      code: "logger.profile('m');\nlogger.profile('m')",
      fields: { durationMs: (value) => typeof value === 'number' },
      volatile: ['durationMs'],
    },
    {
      name: 'event.name',
      code: "logger.info('m', { 'event.name': 'order.placed' })",
      event: 'order.placed',
    },
    {
      name: 'otel.event.name',
      code: "logger.info('m', { 'otel.event.name': 'order.placed' })",
      event: 'order.placed',
    },
  ],
};

function adopted(
  name: string,
  format: string,
  line: string,
  body: Expected,
  fields: Fields = {},
): Case {
  const code = `const logger = winston.createLogger({ format: ${format} });\ninit({ logger });\n${line}`;
  return { name, code, body, fields };
}

const anError = {
  'exception.type': 'RangeError',
  'exception.message': 'too far',
  'exception.stacktrace': /^RangeError: too far\n {4}at /,
};

export const formats: Group = {
  title: "A logger of the application's own, with winston's formats",
  cases: [
    adopted('json()', 'json()', "logger.info('m', { a: 1 })", 'm', { a: 1 }),
    adopted('simple()', 'simple()', "logger.info('m', { a: 1 })", 'm', { a: 1 }),
    adopted(
      'printf()',
      "printf((info) => '<' + info.message + '>')",
      "logger.info('m', { a: 1 })",
      'm',
      { a: 1 },
    ),
    {
      ...adopted('timestamp()', 'timestamp()', "logger.info('m')", 'm', { timestamp: /^20..-/ }),
      volatile: ['timestamp'],
    },
    adopted('label()', "label({ label: 'shop' })", "logger.info('m')", 'm', { label: 'shop' }),
    adopted(
      'label() in the message',
      "label({ label: 'shop', message: true })",
      "logger.info('m')",
      '[shop] m',
    ),
    adopted('metadata()', 'metadata()', "logger.info('m', { a: 1 })", 'm', { metadata: { a: 1 } }),
    adopted('splat()', 'splat()', "logger.info('bought %s', 'tea', { a: 1 })", 'bought tea', {
      a: 1,
    }),
    adopted('no splat()', 'json()', "logger.info('bought %s', 'tea', { a: 1 })", 'bought %s', {
      a: 1,
      'winston.splat': ['tea'],
    }),
    {
      ...adopted(
        'errors()',
        'errors({ stack: true })',
        "logger.error(new RangeError('too far'))",
        'too far',
        anError,
      ),
      severity: 'error',
    },
    {
      ...adopted(
        'errors() without stack',
        'errors()',
        "logger.error(new RangeError('too far'))",
        'too far',
        anError,
      ),
      severity: 'error',
    },
    {
      ...adopted(
        'errors() and metadata()',
        'combine(errors({ stack: true }), metadata())',
        "logger.error('m', new RangeError('too far'))",
        'm too far',
        { ...anError, metadata: { stack: anError['exception.stacktrace'] } },
      ),
      severity: 'error',
    },
    adopted('colorize()', 'colorize()', "logger.info('m')", 'm'),
    adopted(
      'colorize({ all: true })',
      'colorize({ all: true })',
      "logger.info('m')",
      '\u001b[32mm\u001b[39m',
    ),
    adopted(
      'uncolorize()',
      'combine(colorize({ all: true }), uncolorize())',
      "logger.info('m')",
      'm',
    ),
    adopted('padLevels()', 'padLevels()', "logger.info('m')", '    m'),
    adopted('align()', 'align()', "logger.info('m')", '\tm'),
    adopted('cli()', 'cli()', "logger.info('m')", '    m'),
    adopted('logstash()', 'combine(timestamp(), logstash())', "logger.info('m', { a: 1 })", null, {
      a: 1,
    }),
    {
      ...adopted('ms()', 'ms()', "logger.info('m')", 'm', { ms: /^\+\d+m?s$/ }),
      volatile: ['ms'],
    },
    adopted(
      'a format of its own',
      'winston.format((info) => ({ ...info, added: 1 }))()',
      "logger.info('m')",
      'm',
      { added: 1 },
    ),
    {
      name: 'defaultMeta',
      code: "const logger = winston.createLogger({ defaultMeta: { part: 'pay' } });\ninit({ logger });\nlogger.info('m', { a: 1 })",
      fields: { part: 'pay', a: 1 },
    },
    {
      name: 'defaultMeta and an Error',
      code: "const logger = winston.createLogger({ defaultMeta: { part: 'pay' } });\ninit({ logger });\nlogger.error(new RangeError('too far'))",
      body: 'too far',
      fields: { ...anError, part: 'pay' },
      severity: 'error',
    },
  ],
};

function levels(
  name: string,
  set: string,
  level: string,
  severity: string,
  isNamed: boolean,
): Case {
  return {
    name,
    code: `const logger = winston.createLogger({ levels: ${set}, level: '${level}' });\ninit({ logger });\nlogger.${level}('m')`,
    severity,
    fields: isNamed ? { 'winston.level': level } : {},
  };
}

const syslog = 'winston.config.syslog.levels';
const cli = 'winston.config.cli.levels';

export const severities: Group = {
  title: 'Levels',
  cases: [
    { name: 'error', code: "logger.error('m')", severity: 'error' },
    { name: 'warn', code: "logger.warn('m')", severity: 'warn' },
    {
      name: 'http',
      code: "logger.http('m')",
      severity: 'debug',
      fields: { 'winston.level': 'http' },
    },
    {
      name: 'verbose',
      code: "logger.verbose('m')",
      severity: 'debug',
      fields: { 'winston.level': 'verbose' },
    },
    { name: 'debug', code: "logger.debug('m')", severity: 'debug' },
    {
      name: 'silly',
      code: "logger.silly('m')",
      severity: 'trace',
      fields: { 'winston.level': 'silly' },
    },
    levels('syslog: emerg', syslog, 'emerg', 'fatal', true),
    levels('syslog: crit', syslog, 'crit', 'fatal', true),
    levels('syslog: warning', syslog, 'warning', 'warn', true),
    levels('syslog: notice', syslog, 'notice', 'info', true),
    levels('cli: help', cli, 'help', 'info', true),
    levels('cli: prompt', cli, 'prompt', 'trace', true),
    levels('custom: audit', '{ fatal: 0, audit: 1, info: 2 }', 'audit', 'warn', true),
  ],
};
