import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import winston, { type Logger } from 'winston';
import { type Info, levelSymbol } from '../record/info.ts';
import { adoptLogger, createLogger } from './create-logger.ts';

const fail = (): never => {
  throw new TypeError('no');
};

function adopted(logger: Logger): { call: (...args: unknown[]) => void; infos: Info[] } {
  const infos: Info[] = [];
  adoptLogger(logger, (info) => infos.push(info));
  const { log } = logger as unknown as { log: (...args: unknown[]) => void };
  return { call: (...args) => log.apply(logger, args), infos };
}

describe('a call that winston cannot make', () => {
  for (const args of [['info'], [null], [undefined], [5]]) {
    it(`is told in a record, and throws nothing: log(${args.map(String)})`, () => {
      const { call, infos } = adopted(createLogger('info', undefined, String));
      call(...args);
      assert.equal(infos.length, 1);
      assert.match(String(infos[0]?.message), /^\[unreadable call: TypeError: /);
      assert.equal(infos[0]?.[levelSymbol], 'info');
    });
  }

  it('is made with copies: a Proxy that cannot be read after it was written to', () => {
    const { call, infos } = adopted(createLogger('info', undefined, String));
    call('info', new Proxy({ message: 'm' }, { get: fail }));
    assert.equal(infos.length, 1);
    assert.equal(infos[0]?.[levelSymbol], 'info');
  });
});

describe('a getter that logs and then throws', () => {
  it('costs no record, and throws nothing', () => {
    const { call, infos } = adopted(createLogger('info', undefined, String));
    const order = {
      id: 7,
      get total() {
        call('info', 'within');
        return fail();
      },
    };
    call('info', 'm', order);
    const last = infos.at(-1);
    assert.deepEqual([last?.message, last?.id], ['m', 7]);
    assert.match(String(last?.total), /unreadable/);
    assert.equal(infos[0]?.message, 'within');
  });
});

describe('a format that throws', () => {
  const failing = { transform: fail } as unknown as winston.Logform.Format;

  it('costs no record, and throws nothing where nobody else waits for it', () => {
    const { call, infos } = adopted(winston.createLogger({ format: failing }));
    call('info', 'm', { a: 1 });
    assert.deepEqual(
      infos.map(({ message, a }) => [message, a]),
      [['m', 1]],
    );
  });

  it('costs no record beside another transport, and throws as it does without us', () => {
    const other = new winston.transports.Stream({ stream: process.stderr });
    const { call, infos } = adopted(winston.createLogger({ format: failing, transports: [other] }));
    assert.throws(() => call('info', 'm', { a: 1 }), /no/);
    assert.deepEqual(
      infos.map(({ message, a }) => [message, a]),
      [['m', 1]],
    );
  });
});
