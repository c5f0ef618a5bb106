import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import winston from 'winston';
import { severityOf } from './severity.ts';

/** Each level of a set as `number text`. */
function shown(levels: Readonly<Record<string, number>>, mapping?: Record<string, number>) {
  return Object.fromEntries(
    Object.keys(levels).map((level) => {
      const { number, text } = severityOf(level, levels, mapping);
      return [level, `${number} ${text}`];
    }),
  );
}

const ranked = (...names: string[]) =>
  Object.fromEntries(names.map((name, rank) => [name, rank * 10]));

describe("winston's own levels", () => {
  it("of npm have OpenTelemetry's numbers", () => {
    assert.deepEqual(shown(winston.config.npm.levels), {
      error: '17 error',
      warn: '13 warn',
      info: '9 info',
      http: '7 debug',
      verbose: '6 debug',
      debug: '5 debug',
      silly: '1 trace',
    });
  });

  it("of syslog have OpenTelemetry's numbers", () => {
    assert.deepEqual(shown(winston.config.syslog.levels), {
      emerg: '23 fatal',
      alert: '22 fatal',
      crit: '21 fatal',
      error: '17 error',
      warning: '13 warn',
      notice: '10 info',
      info: '9 info',
      debug: '5 debug',
    });
  });

  it('of cli have a text for each', () => {
    assert.deepEqual(shown(winston.config.cli.levels), {
      error: '17 error',
      warn: '13 warn',
      help: '11 info',
      data: '10 info',
      info: '9 info',
      debug: '5 debug',
      prompt: '4 trace',
      verbose: '6 debug',
      input: '2 trace',
      silly: '1 trace',
    });
  });
});

describe('levels of one’s own', () => {
  it('stand evenly between those that are known by name', () => {
    assert.deepEqual(shown(ranked('panic', 'fatal', 'error', 'a', 'b', 'c', 'info', 'noise')), {
      panic: '23 fatal',
      fatal: '21 fatal',
      error: '17 error',
      a: '15 warn',
      b: '13 warn',
      c: '11 info',
      info: '9 info',
      noise: '7 debug',
    });
  });

  it('are known in any case', () => {
    assert.deepEqual(shown(ranked('FATAL', 'ERROR', 'Warn', 'INFO', 'Debug')), {
      FATAL: '21 fatal',
      ERROR: '17 error',
      Warn: '13 warn',
      INFO: '9 info',
      Debug: '5 debug',
    });
  });

  it('go from fatal to trace where none is known', () => {
    assert.deepEqual(shown(ranked('one', 'two', 'three')), {
      one: '21 fatal',
      two: '11 info',
      three: '1 trace',
    });
    assert.deepEqual(shown(ranked('only')), { only: '9 info' });
  });

  it('are what the table says, and others are ranked by it', () => {
    const levels = ranked('security', 'error', 'audit', 'info');
    assert.deepEqual(shown(levels, { security: 18, audit: 9, info: 10, absent: 1 }), {
      security: '18 error',
      error: '17 error',
      audit: '9 info',
      info: '10 info',
    });
    assert.equal(severityOf('constructor', levels, {}).number, 9);
  });

  it('keep their name beside a text that says something else', () => {
    assert.equal(severityOf('audit', ranked('audit'), { audit: 9 }).name, 'audit');
    assert.equal(severityOf('info', ranked('info')).name, undefined);
    assert.equal(severityOf('INFO', ranked('INFO')).name, 'INFO');
  });

  it('have a severity from 1 to 24, and never one above that of a higher rank where no name is known', () => {
    const name = fc.string({ minLength: 1 }).map((text) => `x${text}`);
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.nat(100), { maxKeys: 8 }),
        fc.string(),
        (levels, other) => {
          const ranks = Object.entries(levels).sort(([, a], [, b]) => a - b);
          const numbers = ranks.map(([level]) => severityOf(level, levels).number);
          const { number } = severityOf(other, levels);
          assert.ok([...numbers, number].every((each) => each >= 1 && each <= 24));
          assert.deepEqual(
            numbers,
            numbers.toSorted((a, b) => b - a),
          );
        },
      ),
    );
  });
});
