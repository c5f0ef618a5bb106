import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Findings } from './findings.ts';
import { checkHeaders, type Headers, parseHeaders } from './headers.ts';

function parse(value: string): { headers: Headers; problems: readonly string[] } {
  const findings = new Findings();
  const setting = { name: 'ALLOY_OTLP_HEADERS', value, origin: 'environment' } as const;
  return { headers: parseHeaders(setting, findings), problems: findings.problems };
}

test('headers are split on commas, then on the first =, trimmed and percent-decoded', () => {
  for (const [text, headers] of [
    ['a=b', { a: 'b' }],
    ['A=b,C=d', { a: 'b', c: 'd' }],
    [' a = b , c = d ,', { a: 'b', c: 'd' }],
    ['a=b=c==', { a: 'b=c==' }],
    ['Authorization=Basic%20MTIz', { authorization: 'Basic MTIz' }],
    ['Authorization=Basic MTIz', { authorization: 'Basic MTIz' }],
    ['a=100%', { a: '100%' }],
    ['a=%zz%20', { a: '%zz%20' }],
    ['a=caf%C3%A9', { a: 'café' }],
    ['a=x%2Cy', { a: 'x,y' }],
    ['a=1,a=2', { a: '2' }],
    ['a=', { a: '' }],
    ['', {}],
    [' , ,', {}],
  ] as const) {
    assert.deepEqual(parse(text), { headers, problems: [] }, text);
  }
});

test('hostile headers are refused in one problem, and the others kept', () => {
  const hostile = [
    ...[
      'x=a%0d%0aHost: evil',
      'x=a%0Ab',
      'x=a%0Db',
      'x=a%00b',
      'x=a\r\nb',
      'x=\u20ac',
      'x=%E2%82%AC',
    ],
    ...['x=%01', 'x=%7f', 'host=evil', 'HOST=evil', 'Content-Length=0', 'content-length=9'],
    ...['Transfer-Encoding=chunked', 'connection=close', 'Connection=upgrade', 'Upgrade=h2c'],
    ...[
      'keep-alive=1',
      'expect=100-continue',
      'te=trailers',
      'trailer=x',
      'content-type=text/html',
    ],
    ...[
      'content-encoding=br',
      'a b=c',
      'a%0d%0ab=c',
      'a:b=c',
      '(a)=b',
      '=b',
      'nothing',
      'h%00st=x',
    ],
    ...['x\u00e9=1', `${'n'.repeat(65)}=1`, 'glc_token==', '%68ost=evil', 'proxy-connection=x'],
  ];
  assert.ok(hostile.length >= 30);
  for (const entry of hostile) {
    const { headers, problems } = parse(`good=1,${entry},also=2`);
    assert.deepEqual(headers, { good: '1', also: '2' }, entry);
    assert.equal(problems.length, 1, entry);
    assert.match(problems[0] ?? '', /^ALLOY_OTLP_HEADERS: headers were refused: entry 2 /);
  }
  const all = parse(hostile.join(','));
  assert.deepEqual([all.headers, all.problems.length], [{}, 1]);
});

test('headers never reach a prototype', () => {
  const { headers } = parse('__proto__=x,constructor=y');
  assert.equal(Object.getPrototypeOf(headers), Object.prototype);
  assert.equal(headers.constructor, 'y');
});

test('headers in code keep their text, percent signs included', () => {
  const findings = new Findings();
  const headers = checkHeaders({ 'X-Key': 'a%20b', host: 'x' }, 'option headers', findings);
  assert.deepEqual(headers, { 'x-key': 'a%20b' });
  assert.match(findings.wrongOptions.join(), /entry 2 is "host"/);
});
