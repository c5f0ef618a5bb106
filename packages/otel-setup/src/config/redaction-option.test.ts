import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../errors.ts';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';

function redactionOf(redaction: unknown): unknown {
  try {
    return loadConfig({ redaction } as never, fakeHost({})).redaction;
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

test('redaction is on unless it is switched off', () => {
  assert.deepEqual(redactionOf(undefined), {});
  assert.equal(redactionOf(false), false);
  const options = { presets: ['cards'], keys: ['ssn'], paths: ['a.b'], patterns: [/x/] };
  assert.deepEqual(redactionOf(options), options);
});

test('every wrong rule of redaction is a problem', () => {
  const wrong: [unknown, string][] = [
    [true, 'option redaction must be false or an object, got boolean.'],
    [{ preset: [] }, 'option redaction.preset is unknown. "presets" is meant?'],
    [
      { presets: ['card'] },
      'option redaction.presets[0] must be "cards", "emails" or "ips", got "card".',
    ],
    [{ keys: 'ssn' }, 'option redaction.keys must be an array of keys, got string.'],
    [{ allowKeys: [''] }, 'option redaction.allowKeys must hold keys only, got an empty one.'],
    [
      { paths: ['a', 'b..c'] },
      'option redaction.paths[1] must be a path like req.headers["x-session"] or users[*].name, got "b..c".',
    ],
    [{ patterns: ['x'] }, 'option redaction.patterns[0] must be a RegExp, got string.'],
    [{ patterns: /x/ }, 'option redaction.patterns must be an array, got object.'],
    [{ censor: 7 }, 'option redaction.censor must be a string, got number.'],
    [{ censor: '' }, 'option redaction.censor must not be empty.'],
  ];
  for (const [redaction, problem] of wrong) {
    assert.deepEqual(redactionOf(redaction), [problem]);
  }
});
