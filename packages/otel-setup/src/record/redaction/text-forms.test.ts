import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Redactor } from './redactor.ts';

const mark = '[redacted]';

const texts: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'a hash that names its scheme': ['userPassword={SSHA}W6ph5Mm5Pz8=', `userPassword=${mark}`],
  'a value that begins as an object does': [
    'password: {x9!kkk --token {ok1',
    `password: ${mark} --token ${mark}`,
  ],
  'a value in the braces of ODBC': ['PWD={p@ss};Encrypt=yes', `PWD=${mark}};Encrypt=yes`],
  'an object that goes on': ['credentials={\n  user: [', 'credentials={\n  user: ['],
};

describe('a text', () => {
  for (const [name, [text, expected]] of Object.entries(texts)) {
    it(`${name}, once or twice`, () => {
      const redactor = new Redactor({}, () => undefined);
      assert.equal(redactor.text(text), expected);
      assert.equal(redactor.text(expected), expected);
    });
  }
});
