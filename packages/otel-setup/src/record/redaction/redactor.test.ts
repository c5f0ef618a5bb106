import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AnyValue } from '../log-record.ts';
import { Rendering } from '../render-value.ts';
import type { RedactionOptions } from './redaction-options.ts';
import { createRedactor, Redactor } from './redactor.ts';

/** What becomes of the fields of one record, and what was counted. */
function redact(
  fields: Readonly<Record<string, unknown>>,
  options: RedactionOptions = {},
): { clean: unknown; counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const redactor = new Redactor(options, (rule) => {
    counts[rule] = (counts[rule] ?? 0) + 1;
  });
  const clean = Object.entries(fields).map(([key, value]): [string, AnyValue] => [
    redactor.key(key),
    redactor.value(new Rendering(redactor).render(value), redactor.placeOf(key)),
  ]);
  return { clean: Object.fromEntries(clean), counts };
}

describe('redaction', () => {
  it('counts each secret by its rule, and none twice', () => {
    const fields = {
      password: 'hunter2',
      url: 'redis://:hunter2@cache',
      list: ['glc_abcdefgh', 'glc_ijklmnop', 'glc_'],
    };
    const first = redact(fields);
    assert.deepEqual(first.clean, {
      password: '[redacted]',
      url: 'redis://:[redacted]@cache',
      list: ['[redacted]', '[redacted]', 'glc_'],
    });
    assert.deepEqual(first.counts, { secret_key: 1, url_credentials: 1, grafana_token: 2 });
    assert.deepEqual(redact(first.clean as typeof fields), { clean: first.clean, counts: {} });
  });

  it('leaves a value without a secret what it was', () => {
    const redactor = new Redactor({}, () => assert.fail());
    const value = { a: [1, { b: 'c' }], bytes: Buffer.from('plain text') };
    assert.equal(redactor.value(value, undefined), value);
  });

  it('never changes what it is given', () => {
    const value = Object.freeze({ list: Object.freeze(['Bearer abcdef123456']), password: 'x1' });
    const bytes = Buffer.from('password=hunter2');
    assert.deepEqual(redact({ value, bytes }).clean, {
      value: { list: ['[redacted]'], password: '[redacted]' },
      bytes: Buffer.from('password=[redacted]'),
    });
    assert.deepEqual(value, { list: ['Bearer abcdef123456'], password: 'x1' });
    assert.equal(String(bytes), 'password=hunter2');
  });

  it('takes whatever stands under a key of your own, and leaves what you allow', () => {
    const options = { keys: ['sessionId', 'ssn'], allowKeys: ['token', 'api_key'] };
    const fields = {
      'session-id': 17,
      user: { SSN: { a: 1 }, session: 'x' },
      token: 'if',
      apiKey: 'k',
    };
    assert.deepEqual(redact(fields, options), {
      clean: {
        'session-id': '[redacted]',
        user: { SSN: '[redacted]', session: 'x' },
        token: 'if',
        apiKey: 'k',
      },
      counts: { own_key: 2 },
    });
  });

  it('allows a key itself, and none that ends like it', () => {
    const fields = { token: 'if', TOKEN: 'if', accessToken: 'x', csrf_token: 'x', 'a.token': 'x' };
    const note = 'token=hunter2, accessToken=hunter2';
    assert.deepEqual(redact({ ...fields, note }, { allowKeys: ['token'] }).clean, {
      token: 'if',
      TOKEN: 'if',
      accessToken: '[redacted]',
      csrf_token: '[redacted]',
      'a.token': '[redacted]',
      note: 'token=hunter2, accessToken=[redacted]',
    });
  });

  it('knows keys and paths of any script, at any depth', () => {
    const options = {
      keys: ['пароль', '密码', '🔑', 'été'],
      paths: ['user.имя', 'o["日本"]', '*.名'],
    };
    const secrets = {
      пароль: 'x',
      Пароль: 'x',
      密码: 7,
      '🔑': 'x',
      'e\u0301te\u0301': 'x',
      deep: { 'Мой-пароль': 'x', 密码: 'x', '🔑': 'x', list: [{ 我的_密码: { a: 1 } }] },
      user: { имя: 'x', город: 'kept' },
      o: { 日本: 'x', 名: 'x', 日: 'kept' },
    };
    const text = JSON.stringify(redact(secrets, options).clean);
    assert.doesNotMatch(text, /"x"|:7|"a"/);
    assert.equal(text.match(/kept/g)?.length, 2);
  });

  it('takes a mark of one letter for a mark only where nothing follows', () => {
    for (const censor of ['x', '*', '...']) {
      const redactor = new Redactor({ censor }, () => undefined);
      for (const secret of [`${censor}yz123`, 'hunter2']) {
        const text = `password=${secret} "apiKey":"${secret}" token: '${secret}'.`;
        const once = redactor.text(text);
        assert.equal(once, `password=${censor} "apiKey":"${censor}" token: '${censor}'.`);
        assert.equal(redactor.text(once), once);
      }
    }
  });

  it('follows paths as pino does, through dots in names as well', () => {
    const paths = [
      'req.headers["x-session"]',
      'users[*].name',
      '*.ssn',
      'list[1]',
      'a.b.c',
      'gone',
    ];
    const fields = {
      req: { headers: { 'x-session': 'abc', host: 'h' } },
      users: [{ name: 'ada', id: 1 }, { name: 'bob' }],
      person: { ssn: 123, deep: { ssn: 4 } },
      list: ['x', 'y', 'z'],
      'a.b.c': 1,
      'a.b': { c: 2, d: 3 },
    };
    assert.deepEqual(redact(fields, { paths }), {
      clean: {
        req: { headers: { 'x-session': '[redacted]', host: 'h' } },
        users: [{ name: '[redacted]', id: 1 }, { name: '[redacted]' }],
        person: { ssn: '[redacted]', deep: { ssn: 4 } },
        list: ['x', '[redacted]', 'z'],
        'a.b.c': '[redacted]',
        'a.b': { c: '[redacted]', d: 3 },
      },
      counts: { path: 7 },
    });
    const redactor = new Redactor({ paths: ['message'] }, () => undefined);
    assert.equal(redactor.body('whatever it says'), '[redacted]');
  });

  it('finds patterns of your own everywhere, and keeps no place in them', () => {
    const pattern = /emp-\d+/gi;
    pattern.lastIndex = 5;
    const fields = { a: 'EMP-1 and emp-22', 'EMP-3': [{ b: 'emp-4' }] };
    assert.deepEqual(redact(fields, { patterns: [pattern, /x*/], censor: '***' }), {
      clean: { a: '*** and ***', '***': [{ b: '***' }] },
      counts: { pattern: 4 },
    });
    assert.equal(pattern.lastIndex, 5);
  });

  const presets: [
    string,
    RedactionOptions['presets'],
    Record<string, unknown>,
    Record<string, unknown>,
  ][] = [
    [
      'card numbers',
      ['cards'],
      { a: 'paid with 4111 1111 1111 1111.', b: 378282246310005, c: '5555-5555-5555-4444' },
      { a: 'paid with [redacted].', b: '[redacted]', c: '[redacted]' },
    ],
    [
      'no number without a valid check digit',
      ['cards'],
      {
        a: '4111 1111 1111 1112',
        b: 4242424242424241,
        c: '94111111111111111',
        d: '1.4111111111111111',
      },
      {
        a: '4111 1111 1111 1112',
        b: 4242424242424241,
        c: '94111111111111111',
        d: '1.4111111111111111',
      },
    ],
    [
      'e-mail addresses',
      ['emails'],
      { a: 'from <ada.l+x@mail.a.example>, cc b@c.io', b: 'a@b', c: 'git@1.2' },
      { a: 'from <[redacted]>, cc [redacted]', b: 'a@b', c: 'git@1.2' },
    ],
    [
      'addresses of IPv4 and IPv6',
      ['ips'],
      { a: '192.0.2.17:443 and [2001:db8::17]', b: '::1', c: '::ffff:192.0.2.1', d: '12:34:56' },
      { a: '[redacted]:443 and [[redacted]]', b: '[redacted]', c: '[redacted]', d: '12:34:56' },
    ],
  ];
  for (const [name, chosen, fields, expected] of presets) {
    it(`knows ${name}, if asked to`, () => {
      assert.deepEqual(redact(fields, { presets: chosen }).clean, expected);
      assert.deepEqual(redact(fields), { clean: fields, counts: {} });
    });
  }

  it('is nothing at all when it is off', () => {
    assert.equal(
      createRedactor(false, () => undefined),
      undefined,
    );
  });

  it('never throws, leaves no key behind and never breaks its own mark, once or twice', () => {
    const part = fc.constantFrom(
      ...[
        'password',
        'token',
        '=',
        ':',
        ' ',
        '"',
        "'",
        '\\',
        '\n',
        '{',
        '}',
        'Bearer ',
        'eyJ',
        '.',
      ],
      ...[
        '://',
        '@',
        'a1B2c3',
        'glc_',
        '--',
        '-----BEGIN PRIVATE KEY-----',
        '[redacted]',
        'cookie',
      ],
      ...[
        'authorization',
        'AKIAIOSFODNN7EXAMPLE',
        '\ud800',
        '%s',
        '=>',
        '<password>',
        '</',
        '["',
        '?sig=',
        '4111111111111111',
      ],
    );
    const presets = ['cards', 'emails', 'ips'] as const;
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (logged, hasPresets) => {
        const redactor = new Redactor(hasPresets ? { presets } : {}, () => undefined);
        const once = redactor.text(logged);
        for (const clean of [once, redactor.text(once)]) {
          assert.doesNotMatch(clean, /(?<![A-Za-z0-9])AKIAIOSFODNN7EXAMPLE\b/);
          assert.ok(!clean.includes('[redacted]]'), clean);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('costs a record without secrets a fraction of a microsecond', (t) => {
    const redactor = new Redactor({}, () => undefined);
    const keys = 'requestId method path status customerId durationMs region cacheHit'.split(' ');
    const names = keys.map((key) => ({ place: redactor.placeOf(key), clean: undefined }));
    const records = Array.from({ length: 5_000 }, (_, i): AnyValue[] => [
      ...[`req_${String(i).padStart(8, '0')}`, 'POST', `/api/v2/shops/${i % 4}/orders`, 201],
      ...[`cus_${(i * 7_919).toString(36).padStart(16, 'k')}`, i % 1_900, 'eu-west-1', i % 3 === 0],
    ]);
    const took = Array.from({ length: 200 }, () => {
      const began = performance.now();
      for (const values of records) {
        redactor.body('order placed');
        for (const [i, name] of names.entries()) {
          redactor.named(values[i], name);
        }
      }
      return ((performance.now() - began) * 1_000) / records.length;
    });
    const best = Math.min(...took);
    t.diagnostic(`a record: ${best.toFixed(2)} µs`);
    // Several times as much on a busy machine.
    assert.ok(best < 2, `${best} µs`);
  });

  it('reads a text with a thousand secrets once', () => {
    const redactor = new Redactor({}, () => undefined);
    const text = `${'x'.repeat(980)} password=a1b2c3d4e5`.repeat(1_000);
    const took = [1, 2, 3].map(() => {
      const began = performance.now();
      redactor.text(text);
      return performance.now() - began;
    });
    // About 5 ms; 300 where each secret has the whole text searched.
    assert.ok(Math.min(...took) < 100, `${took} ms`);
  });

  it('reads 200,000 characters of any kind once, and 1 MB in the time of what is kept', (t) => {
    const redactor = new Redactor({ presets: ['cards', 'emails', 'ips'] }, () => undefined);
    const units = ['x', 'eyJ', 'eyJ-', 'eyJaaaaaaaa.', 'password=a ', 'password: ', '"password":"'];
    const more = [
      '://',
      '://a:',
      'glc_',
      'Bearer ',
      'Basic aaaaaaaa ',
      '-----BEGIN ',
      '--token ',
      '<password>',
      '<password ',
      'key=["',
      'a password=\'b"',
      '","value":"cookie',
      'rawHeaders: ["token","',
      'password: { a: 1, ',
    ];
    const others = [
      ...['://a:/ ', '@c', '@', 'hf_', 'sk-', 'ya29.', 'api key: a ', 'password_', 'key-test='],
      ...[
        'password=${',
        'token: {{',
        "PASSWORD 'x",
        '"secrets":{"a":"',
        '<password><![CDATA[',
        '%3Ftoken%3D',
      ],
      ...[
        'Authorization: My ',
        '-u a:',
        "password='a b ",
        'password:\u00a0',
        '\u001b[32m',
        'PWD=/',
        'secret:{a:',
        'secret:a:',
        'token:a(',
        'secret: [ ',
        '\\npassword=',
      ],
      '\\',
      '=',
      ': ',
      '1 ',
      '4111 ',
      'a@',
      'a@b.',
      '1.',
      '::',
      '-',
      'SG.aaaaaaaaaaaaaaaaa',
    ];
    const plain = new Redactor({}, () => undefined);
    const readers: Record<string, { read: (text: string) => unknown; slowest: [number, string] }> =
      {
        message: { read: (text) => plain.body(text), slowest: [0, ''] },
        attribute: {
          read: (text) => plain.named(text, { place: undefined, clean: undefined }),
          slowest: [0, ''],
        },
      };
    for (const unit of [...units, ...more, ...others]) {
      // With an @ far behind: without one URLs are not looked at.
      const text = `x://a:/${unit.repeat(200_000 / unit.length)}@h`;
      const took = [1, 2, 3].map(() => {
        const began = performance.now();
        redactor.text(text);
        return performance.now() - began;
      });
      // About 2 ms; what is read again and again takes minutes.
      assert.ok(Math.min(...took) < 500, `${unit}: ${took} ms`);
      const large = unit.repeat(1_000_000 / unit.length);
      for (const reader of Object.values(readers)) {
        const best = Math.min(
          ...[1, 2, 3].map(() => {
            const began = performance.now();
            reader.read(large);
            return performance.now() - began;
          }),
        );
        reader.slowest = best > reader.slowest[0] ? [best, unit] : reader.slowest;
      }
    }
    for (const [name, { slowest }] of Object.entries(readers)) {
      t.diagnostic(`the slowest ${name} of 1 MB: ${slowest[0].toFixed(1)} ms (${slowest[1]})`);
    }
  });
});
