import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Redactor } from './redactor.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123456';
const mark = '[redacted]';

const texts: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'a hash that names its scheme': ['userPassword={SSHA}W6ph5Mm5Pz8=', `userPassword=${mark}`],
  'a value that begins as an object does': [
    'password: {x9!kkk --token {ok1',
    `password: ${mark} --token ${mark}`,
  ],
  'a value in the braces of ODBC': ['PWD={p@ss};Encrypt=yes', `PWD=${mark}};Encrypt=yes`],
  'a JWT behind a name': [`["Authorization","${jwt}"]`, `["Authorization","${mark}"]`],
  'a JWT under auth': [`{"auth":"${jwt}"}`, `{"auth":"${mark}"}`],
  'a list whose texts have different quotes': [
    inspect({ passwords: ["it's", 'b', '"c"'], user: 'ann' }),
    `{ passwords: [ ${mark} ], user: 'ann' }`,
  ],
  'a list with something else in it': [
    inspect({ passwords: ['a1', undefined, 'b2', 4], user: 'ann', list: ['x'] }),
    `{ passwords: [ '${mark}', 4 ], user: 'ann', list: [ 'x' ] }`,
  ],
  'a list with brackets in its texts': [
    JSON.stringify({ passwords: ['a]b', 'c"],d'], user: 'ann' }),
    `{"passwords":["${mark}"],"user":"ann"}`,
  ],
  'raw headers behind a bracket': [
    inspect({ rawHeaders: ['Host', '[::1]:3000', 'X-Api-Key', 'abc'] }),
    `{ rawHeaders: [ 'Host', '[::1]:3000', 'X-Api-Key', '${mark}' ] }`,
  ],
  'raw headers that have ended': [
    `{ rawHeaders: [ 'Host', 'a' ] }, columns "token","count"`,
    `{ rawHeaders: [ 'Host', 'a' ] }, columns "token","count"`,
  ],
  'no raw headers': [
    '{"rawHeaders":[],"columns":["id","password","name"]}',
    '{"rawHeaders":[],"columns":["id","password","name"]}',
  ],
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
