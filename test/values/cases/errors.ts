// Errors, wherever they stand.

import type { Case, Expected, Group } from '../case.ts';

type Fields = { readonly [key: string]: Expected };

function exception(type: string, message: string, stacktrace: RegExp, rest: Fields = {}): Fields {
  return {
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stacktrace,
    ...rest,
  };
}

const stack = /^RangeError: too far\n {4}at /;
const plain = exception('RangeError', 'too far', stack);
const make = "const err = new RangeError('too far');\n";

function thrown(name: string, code: string, body: Expected, fields: Fields): Case {
  return { name, code, body, fields, severity: 'error' };
}

export const places: Group = {
  title: 'Errors: where they may stand',
  cases: [
    thrown('alone', `${make}logger.error(err)`, 'too far', plain),
    thrown('behind a text', `${make}logger.error('m', err)`, 'm too far', plain),
    thrown('in a field', `${make}logger.error('m', { err })`, 'm', { ...plain, err: 'too far' }),
    thrown('in a field of any name', `${make}logger.error('m', { reason: err })`, 'm', {
      ...plain,
      reason: 'too far',
    }),
    thrown('with fields behind it', `${make}logger.error(err, { orderId: 7 })`, 'too far', {
      ...plain,
      orderId: 7,
    }),
    thrown('behind an object', `${make}logger.error({ orderId: 7 }, err)`, { orderId: 7 }, plain),
    thrown(
      'in a field, its cause an object',
      "const err = new RangeError('too far', { cause: { id: 7 } });\nlogger.error('m', { err })",
      'm',
      {
        ...exception(
          'RangeError',
          'too far',
          /^RangeError: too far\n {4}at [\s\S]*\nCaused by: \{"id":7\}$/,
        ),
        err: { cause: { id: 7 } },
      },
    ),
    thrown(
      'fields of its cause',
      "const cause = Object.assign(new Error('inner'), { code: '23505' });\nlogger.error('m', new RangeError('too far', { cause }))",
      'm too far',
      exception(
        'RangeError',
        'too far',
        /\nCaused by: Error: inner\n {4}at [\s\S]* \{"code":"23505"\}$/,
      ),
    ),
    thrown(
      'fields of a member of an AggregateError',
      "const member = Object.assign(new Error('no'), { address: '10.1.2.3' });\nlogger.error('m', new AggregateError([member], 'all'))",
      'm all',
      exception(
        'AggregateError',
        'all',
        /\nerrors\[0\]: Error: no\n {4}at [\s\S]* \{"address":"10.1.2.3"\}$/,
      ),
    ),
    thrown(
      'a long chain of causes',
      "let err = new Error('root');\nfor (let i = 0; i < 12; i++) err = new Error('above', { cause: err });\nlogger.error('m', err)",
      'm above',
      exception('Error', 'above', /\n\[cut: more causes\]$/),
    ),
    thrown(
      'as the message of log()',
      `${make}logger.log({ level: 'error', message: err })`,
      'too far',
      plain,
    ),
    thrown('behind the level of log()', `${make}logger.log('error', err)`, 'too far', plain),
    thrown('in a record', `${make}logger.error({ message: 'm', err })`, 'm', {
      ...plain,
      err: 'too far',
    }),
    thrown(
      'in an object alone',
      `${make}logger.error({ err, orderId: 7 })`,
      { err: 'too far', orderId: 7 },
      plain,
    ),
    thrown('behind fields', `${make}logger.error('m', { orderId: 7 }, err)`, 'm', {
      ...plain,
      orderId: 7,
    }),
    thrown(
      'for %s',
      `${make}logger.error('failed: %s', err.message, err)`,
      'failed: too far',
      plain,
    ),
    thrown('by a child logger', `${make}logger.child({ requestId: 'r-1' }).error(err)`, 'too far', {
      ...plain,
      requestId: 'r-1',
    }),
    thrown('in a list', `${make}logger.error('m', { errors: [err] })`, 'm', {
      errors: [{ type: 'RangeError', message: 'too far', stacktrace: stack }],
    }),
    thrown('deeper', `${make}logger.error('m', { job: { err } })`, 'm', {
      job: { err: { type: 'RangeError', message: 'too far', stacktrace: stack } },
    }),
    thrown(
      'two of them',
      `${make}logger.error('m', { err, other: new TypeError('second') })`,
      'm',
      {
        ...plain,
        err: 'too far',
        other: { type: 'TypeError', message: 'second', stacktrace: /^TypeError: second\n {4}at / },
      },
    ),
  ],
};

export const kinds: Group = {
  title: 'Errors: what they may be',
  cases: [
    thrown(
      'with a cause',
      "logger.error(new RangeError('too far', { cause: new TypeError('the reason') }))",
      'too far',
      exception(
        'RangeError',
        'too far',
        /^RangeError: too far\n {4}at [\s\S]*\nCaused by: TypeError: the reason\n {4}at /,
      ),
    ),
    thrown(
      'with a cause that is no Error',
      "logger.error(new RangeError('too far', { cause: { code: 5 } }))",
      'too far',
      exception(
        'RangeError',
        'too far',
        /^RangeError: too far\n {4}at [\s\S]*\nCaused by: \{"code":5\}$/,
        {
          cause: { code: 5 },
        },
      ),
    ),
    thrown(
      'that causes itself',
      "const err = new Error('round');\nerr.cause = err;\nlogger.error(err)",
      'round',
      exception('Error', 'round', /^Error: round\n {4}at [\s\S]*\nCaused by: \[Circular\]$/),
    ),
    thrown(
      'AggregateError',
      "logger.error(new AggregateError([new Error('one'), 'two'], 'both'))",
      'both',
      exception(
        'AggregateError',
        'both',
        /^AggregateError: both\n {4}at [\s\S]*\nerrors\[0\]: Error: one\n {4}at [\s\S]*\nerrors\[1\]: two$/,
      ),
    ),
    thrown(
      'with fields of its own',
      "logger.error('m', Object.assign(new RangeError('too far'), { code: 'E_FAR', detail: { km: 3 } }))",
      'm too far',
      { ...plain, code: 'E_FAR', detail: { km: 3 } },
    ),
    thrown(
      'with fields of its own, in a field',
      "logger.error('m', { err: Object.assign(new RangeError('too far'), { code: 'E_FAR' }) })",
      'm',
      { ...plain, err: { code: 'E_FAR' } },
    ),
    thrown(
      'of a class',
      "class OrderError extends Error {}\nlogger.error(new OrderError('sold out'))",
      'sold out',
      exception('OrderError', 'sold out', /^Error: sold out\n {4}at /),
    ),
    thrown(
      'with a name',
      "const err = new Error('sold out');\nerr.name = 'OrderError';\nlogger.error('m', err)",
      'm sold out',
      exception('OrderError', 'sold out', /^(?:Order)?Error: sold out\n {4}at /),
    ),
    thrown(
      'of a class, by a child logger',
      "class OrderError extends Error {}\nlogger.child({ requestId: 'r-1' }).error(new OrderError('sold out'))",
      'sold out',
      exception('OrderError', 'sold out', /^Error: sold out\n {4}at /, { requestId: 'r-1' }),
    ),
    thrown(
      'of Node itself',
      'logger.error(fileError)',
      "ENOENT: no such file or directory, open '/missing'",
      exception(
        'Error',
        "ENOENT: no such file or directory, open '/missing'",
        /^Error: ENOENT: no such file or directory/,
        { errno: -2, code: 'ENOENT', syscall: 'open', path: '/missing' },
      ),
    ),
    thrown(
      'DOMException',
      "logger.error(new DOMException('stopped', 'AbortError'))",
      'stopped',
      exception('AbortError', 'stopped', /^AbortError: stopped\n {4}at /),
    ),
    thrown(
      'of another realm',
      `logger.error('m', { err: vm.runInNewContext("new RangeError('too far')") })`,
      'm',
      { ...exception('RangeError', 'too far', /^RangeError: too far\n {4}at /), err: 'too far' },
    ),
    thrown(
      'a copy of one',
      "const { name, message, stack } = new RangeError('too far');\nlogger.error('m', { err: { name, message, stack } })",
      'm',
      { ...plain, err: 'too far' },
    ),
    thrown(
      'with toJSON, as axios makes them',
      `const err = new Error('status 500');
err.config = { url: '/pay', headers: { Authorization: 'Bearer abc' } };
err.request = req;
err.toJSON = () => ({ message: err.message, config: { url: '/pay' }, status: 500 });
logger.error('m', { err })`,
      'm',
      exception('Error', 'status 500', /^Error: status 500\n {4}at /, {
        err: {
          config: { url: '/pay' },
          request: {
            method: 'GET',
            url: '/orders/7',
            headers: { host: 'shop.example', 'x-request-id': 'r-1', connection: 'close' },
          },
          toJSON: '[Function anonymous]',
          status: 500,
        },
      }),
    ),
    thrown(
      'with a getter that throws',
      `const err = new RangeError('too far');
Object.defineProperty(err, 'stack', { get() { throw new TypeError('no'); } });
logger.error('m', { err })`,
      'm',
      { ...exception('RangeError', 'too far', /^\[unreadable: TypeError: no\]$/), err: 'too far' },
    ),
    thrown('frozen', `logger.error(Object.freeze(new RangeError('too far')))`, 'too far', plain),
    thrown('a text instead', "logger.error('out of stock')", 'out of stock', {}),
    {
      volatile: ['date', 'os', 'process', 'trace'],
      ...thrown(
        'uncaught, as winston has it',
        'uncaught()',
        /^uncaughtException: too far\nRangeError: too far\n {4}at /,
        {
          ...plain,
          error: 'too far',
          exception: true,
          date: (value) => typeof value === 'string',
          os: (value) => typeof value === 'object',
          process: (value) => typeof value === 'object' && !JSON.stringify(value).includes('argv'),
          trace: (value) => Array.isArray(value),
        },
      ),
    },
  ],
};
