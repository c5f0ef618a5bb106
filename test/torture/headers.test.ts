// Tokens and headers that HTTP cannot carry, or that would split a request in two.

import assert from 'node:assert/strict';
import { finish } from './finish.ts';
import { assertSecret } from './secrets.ts';
import { torture } from './torture.ts';

const token = 'glc_marker0f4secret1n2torture';
const basic = Buffer.from(`4711:${token}`).toString('base64');

torture(
  'S02',
  'a token that HTTP cannot carry is told without its value, and nothing is lost',
  {},
  async (c) => {
    const { inbox } = await c.receive({ auth: { username: '4711', password: token } });
    const cloud = (key: string) => ({
      LOG_ROUTE: 'direct',
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${inbox.url}/otlp`,
      GRAFANA_CLOUD_INSTANCE_ID: '4711',
      GRAFANA_CLOUD_API_KEY: key,
      ALLOY_OTLP_ENDPOINT: '',
    });
    const bad = [
      { env: cloud(`${token}\r\nx-injected: 1`) },
      { env: cloud(`${token}\u0416`) },
      { env: cloud(`gl c_${token}`) },
    ];
    const printed: string[] = [];
    for (const options of bad) {
      const process = await c.start(options);
      await process.log({ count: 20 });
      const { pending } = await process.stats();
      assert.equal(pending, 20);
      const { code, stderr, stdout } = await process.end('natural');
      assert.equal(code, 0);
      assert.match(stderr, /no token has. Copy it again/);
      printed.push(stderr, stdout);
    }
    assert.equal(inbox.totals.stored, 0);
    // The environment cannot hold a NUL; code can, and is told at once.
    const options = { grafanaCloud: { instanceId: '4711', apiKey: `${token}\0x` } };
    const inCode = await c.prepare({ env: cloud(''), options });
    await assert.rejects(inCode.init(), (error: Error) => {
      assert.match(error.message, /ConfigError: option grafanaCloud.apiKey must not hold NUL/);
      return !error.message.includes(token);
    });
    const { stderr: atInit } = await inCode.end('natural');
    printed.push(atInit);
    assertSecret(c, [token, basic], printed);

    const env = cloud(`${token}\n`);
    const trimmed = await c.start({ env });
    await trimmed.log({ count: 20 });
    await trimmed.flush();
    const { delivered } = await trimmed.stats();
    assert.equal(delivered, 20);
    const { stderr, stdout } = await trimmed.end('natural');
    await c.settle({ env: cloud(token) });
    // An orphan's request may be under way when a process ends.
    c.judge({ duplicates: 60 });
    assertSecret(c, [token, basic], [...printed, stderr, stdout]);
    assert.ok(inbox.requests.every(({ headers }) => headers['x-injected'] === undefined));
  },
);

const accepted = {
  'x-plain=1': ['x-plain', '1'],
  'x-encoded=a%20b%2Cc%3Dd': ['x-encoded', 'a b,c=d'],
  'X-Upper=Up': ['x-upper', 'Up'],
  'x-equals=a=b=c': ['x-equals', 'a=b=c'],
  ' x-blanks = blank ': ['x-blanks', 'blank'],
  'x-percent=100%': ['x-percent', '100%'],
  'x-latin=caf%C3%A9': ['x-latin', 'caf\u00e9'],
} as const;

const refused = [
  'x-cr=a%0Db',
  'x-lf=a%0Ab',
  'x-crlf=a%0d%0aX-Injected:%201',
  'x-nul=a%00b',
  'host=evil.example',
  'Host=evil.example',
  'content-length=0',
  'Content-Length=1',
  'transfer-encoding=chunked',
  'Transfer-Encoding=gzip%2C%20chunked',
  'connection=close',
  'keep-alive=timeout%3D1',
  'proxy-connection=close',
  'upgrade=h2c',
  'te=trailers',
  'trailer=x',
  'expect=100-continue',
  'content-type=text/plain',
  'content-encoding=br',
  'x y=1',
  'x%0d%0aX-Injected=1',
  '=nothing',
  'nothing',
  'x-wide=%D0%96',
  'x-delete=%7F',
  'x:y=1',
  '%00=1',
  `${token}=`,
  'x(y)=1',
  '%C3%A9=1',
];

torture(
  'S03',
  'headers that are not to be set are refused in one notice, the others sent',
  {},
  async (c) => {
    const { inbox } = await c.receive();
    const env = {
      ALLOY_OTLP_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: inbox.url,
      OTEL_EXPORTER_OTLP_HEADERS: [...refused, ...Object.keys(accepted)].join(','),
    };
    const strict = await c.prepare({ env, options: { strict: true } });
    await assert.rejects(strict.init(), /ConfigError[\s\S]*headers were refused/);
    await strict.end('natural');

    const lenient = await c.start({ env });
    await lenient.log({ count: 10 });
    const { end } = await finish(c, lenient, { duplicates: 0, notices: ['OTEL_SETUP_CONFIG'] });
    const told = end.stderr.split('\n').filter((line) => line.includes('headers were refused'));
    assert.equal(told.length, 1);
    assert.equal(told[0]?.match(/entry \d+/g)?.length, refused.length);
    assertSecret(c, [token, 'evil.example'], [end.stderr, end.stdout]);
    const [request] = inbox.requests;
    for (const [name, value] of Object.values(accepted))
      assert.equal(request?.headers[name], value);
    assert.deepEqual(
      Object.keys(request?.headers ?? {}).sort(),
      [
        ...Object.values(accepted).map(([name]) => name),
        ...[
          'connection',
          'content-encoding',
          'content-length',
          'content-type',
          'host',
          'user-agent',
        ],
      ].sort(),
    );
    assert.equal(request?.headers.host, new URL(inbox.url).host);
    c.figures.refused = refused.length;
  },
);
