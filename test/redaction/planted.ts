// Secrets in all the places and spellings in which applications log them. None may leave the process.

import { format, inspect } from 'node:util';
import { type Telemetry, withLogContext } from 'otel-setup';

export interface Planted {
  readonly name: string;
  /** What nobody may find. */
  readonly secret: string;
  log(telemetry: Telemetry): void;
}

/** At least one record for each. */
export const planted: Planted[] = [];

/** A secret of its own for each: letters and digits, nothing that has a shape. */
function plant(name: string, log: (secret: string, telemetry: Telemetry) => void): void {
  const number = String(planted.length).padStart(3, '0');
  const secret = `Zq7${number}vKx9${[...number].reverse().join('')}wB`;
  planted.push({ name, secret, log: (telemetry) => log(secret, telemetry) });
}

const jwtHead = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
const filler = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';

/** Under a key of the call's fields. */
const keys = [
  ...[
    'authorization',
    'Authorization',
    'AUTHORIZATION',
    'proxy-authorization',
    'authorizationHeader',
  ],
  ...['cookie', 'Cookie', 'set-cookie', 'setCookie', 'http.request.header.cookie'],
  ...['password', 'Password', 'PASSWORD', 'passwd', 'pwd', 'passphrase', 'pass', 'SMTP_PASS'],
  ...['user_password', 'newPassword', 'password2', 'password_confirmation', 'passwordHash'],
  ...['db.password', 'DB_PASSWORD', 'dbPassword', 'spring.datasource.password', 'user[password]'],
  ...['token', 'access_token', 'accessToken', 'ACCESS_TOKEN', 'access.token', 'accesstoken'],
  ...['refreshToken', 'refresh-token', 'id_token', 'idToken', 'x-auth-token', 'csrfToken', 'jwt'],
  ...['secret', 'clientSecret', 'client_secret', 'client-secret', 'CLIENT_SECRET', 'webhookSecret'],
  ...['apiKey', 'api_key', 'API_KEY', 'api-key', 'api key', 'apikey', 'x-api-key', 'X-APIKey'],
  ...['privateKey', 'private_key', 'secretAccessKey', 'aws_secret_access_key', 'accountKey'],
  ...['PGPASSWORD', 'MYSQLPASSWORD', 'REDISPASSWORD', 'mongopassword', 'stripeapikey'],
  ...['API_KEY_V2', 'PASSWORD_PROD', 'apiKeyProd', 'privateKeyPem', 'password_digest'],
  ...['encryptionKey', 'signing_key', 'credentials', 'credential', 'bearer'],
];
for (const key of keys) {
  plant(`under ${key}`, (secret, { logger }) => logger.info('key', { [key]: secret }));
}

const values: Readonly<Record<string, (secret: string) => unknown>> = {
  'a nested object': (secret) => ({ user: { name: 'ada', password: secret } }),
  'six levels down': (secret) => ({ a: { b: { c: { d: { e: { apiKey: secret } } } } } }),
  'an object in an array': (secret) => [{ id: 1 }, { id: 2, token: secret }],
  'an array under a secret key': (secret) => ({ 'set-cookie': ['a=1', `sid=${secret}`] }),
  'a Map': (secret) => new Map([['password', secret]]),
  'a Map in a Map': (secret) => new Map([['x', new Map([['api-key', secret]])]]),
  'a key of a Map': (secret) => new Map([[`glc_${secret}`, 1]]),
  'a class': (secret) =>
    new (class Login {
      user = 'ada';
      password = secret;
    })(),
  'a toJSON': (secret) => ({ toJSON: () => ({ token: secret }) }),
  'an object without a prototype': (secret) => Object.assign(Object.create(null), { pwd: secret }),
  'a getter': (secret) => ({
    get password() {
      return secret;
    },
  }),
  'a boxed string': (secret) => ({ password: Object(secret) }),
  headers: (secret) => ({ headers: { Host: 'a.example', Authorization: `Bearer ${secret}` } }),
  'raw headers': (secret) => ({ rawHeaders: ['Host', 'a.example', 'X-Api-Key', secret] }),
  'entries of headers': (secret) => ({
    headers: [
      ['host', 'a'],
      ['authorization', secret],
    ],
  }),
  'headers by name and value': (secret) => [{ name: 'Cookie', value: `sid=${secret}` }],
  'a Headers object': (secret) => [...new Headers({ authorization: secret })],
  'credentials of docker': (secret) => ({
    auths: { 'r.example': { auth: Buffer.from(`lovelace:${secret}`).toString('base64') } },
  }),
  'parsed cookies': (secret) => ({ cookies: { sid: secret, theme: 'dark' } }),
  'a secret with a value': (secret) => ({ password: { value: secret, changed: false } }),
  'an old and a new secret': (secret) => ({ password: { old: 'x', new: secret } }),
  'a parameter of AWS': (secret) => ({ Name: 'DB_PASSWORD', Type: 'SecureString', Value: secret }),
  'an AWS secret beside its id': (secret) => ({
    id: 'AKIAIOSFODNN7EXAMPLE',
    k: `${secret}${filler}`.slice(0, 40),
  }),
  'an AWS secret in a list with its id': (secret) => [
    'AKIAIOSFODNN7EXAMPLE',
    `${secret}${filler}`.slice(0, 40),
  ],
  'a list of secrets': (secret) => ({ secrets: [secret], apiKeys: { a: `x${secret}` } }),
  arguments: (secret) => ({ argv: ['mysql', '--password', secret, '--host', 'db'] }),
  'an argument': (secret) => ['mysql', `--password=${secret}`],
  bytes: (secret) => ({ password: Buffer.from(secret) }),
  'bytes of a text': (secret) => Buffer.from(`{"password":"${secret}"}`),
  'a URL': (secret) => new URL(`https://ada:${secret}@a.example/x`),
  'a query': (secret) => new URL(`https://a.example/x?access_token=${secret}&b=1`),
  'JSON in a field': (secret) => ({ body: JSON.stringify({ user: 'ada', password: secret }) }),
  'JSON in JSON': (secret) => JSON.stringify({ body: JSON.stringify({ apiKey: secret }) }),
  'cut JSON': (secret) => `{"user":"ada","password":"${secret}`,
  'a form': (secret) => `grant_type=password&username=ada&password=${secret}`,
  'a symbol': (secret) => Symbol(`password=${secret}`),
  'a function': (secret) => Object.defineProperty(() => 1, 'name', { value: `glc_${secret}` }),
};
for (const [name, make] of Object.entries(values)) {
  plant(`in ${name}`, (secret, { logger }) => logger.info('value', { value: make(secret) }));
  plant(
    `in ${name}, in place of the message`,
    (secret, { logger }) => void logger.log({ level: 'info', message: make(secret) as string }),
  );
}

const texts: Readonly<Record<string, (secret: string) => string>> = {
  'a Grafana Cloud token': (secret) => `glc_${secret}`,
  'a service account token': (secret) => `glsa_${secret}${filler}_1a2b3c4d`,
  'a JWT': (secret) => `${jwtHead}.eyJ${secret}.${filler}`,
  'an encrypted JWT': (secret) => `${jwtHead}..${secret}.${filler}.abc`,
  'an AWS secret key beside its id': (secret) =>
    `AKIAIOSFODNN7EXAMPLE ${secret}/${filler}`.slice(0, 61),
  'a private key': (secret) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${filler}\n${secret}\n-----END RSA PRIVATE KEY-----`,
  'an OpenSSH key': (secret) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`,
  'an escaped private key': (secret) =>
    `{"key":"-----BEGIN PRIVATE KEY-----\\n${secret}\\n-----END PRIVATE KEY-----\\n"}`,
  'a cut private key': (secret) => `-----BEGIN EC PRIVATE KEY-----\n${filler}\n${secret}`,
  'a database URL': (secret) => `connect postgres://app:${secret}@db.example:5432/shop`,
  'a URL without a user': (secret) => `redis://:${secret}@cache.example`,
  'a password with an @': (secret) => `amqp://app:p@${secret}@mq.example/vhost`,
  'a password with a slash': (secret) => `postgres://app:p/w#${secret}@db/x`,
  'a password with a space': (secret) => `mysql://app:p w${secret}@db.example:3306/x`,
  'several hosts': (secret) => `mongodb://u:${secret}@h1:1,h2:2/db`,
  'a GitHub token': (secret) => `ghp_${filler}${secret}`,
  'a token in the place of a user': (secret) =>
    `https://ghp_${filler}${secret}:x-oauth-basic@git.example/a.git`,
  'a GitLab token': (secret) => `glpat-${secret}${filler}`,
  'a Slack token': (secret) => `xoxb-123456789012-${secret}`,
  'a Stripe key': (secret) => `sk_live_${secret}`,
  'a Google key': (secret) => `AIza${secret}${filler}`.slice(0, 39),
  'an OpenAI key': (secret) => `sk-proj-${filler}${secret}`,
  'an OpenAI admin key': (secret) => `sk-admin-${filler}${secret}`,
  'a runner token': (secret) => `glrt-${secret}${filler}`,
  'a deploy token': (secret) => `gldt-${secret}${filler}`,
  'a Fly token': (secret) => `FlyV1 fm2_${secret}${filler}==,fm2_${filler}${secret}`,
  'a Fly token of the old form': (secret) => `fo1_${secret}${filler}`,
  'a Vault token': (secret) => `hvs.${secret}${filler}`,
  'a Hugging Face token': (secret) => `hf_${secret}${filler}`.slice(0, 37),
  'a DigitalOcean token': (secret) => `dop_v1_${secret}${filler}${filler}`.slice(0, 71),
  'a Shopify token': (secret) => `shpat_${secret}${filler}`.slice(0, 38),
  'a Linear key': (secret) => `lin_api_${secret}${filler}`.slice(0, 48),
  'a PyPI token': (secret) => `pypi-AgEIcHlwaS5vcmc${secret}${filler}`,
  'a New Relic key': (secret) => `NRAK-${secret}${filler}`.slice(0, 32),
  'an age key': (secret) => `AGE-SECRET-KEY-1${secret}${filler}${filler}`.slice(0, 74),
  'a Google access token': (secret) => `ya29.a0${secret}${filler}`,
  'a Google client secret': (secret) => `GOCSPX-${secret}${filler}`.slice(0, 35),
  'a Slack webhook': (secret) =>
    `https://hooks.slack.com/services/T0123ABCD/B0123ABCD/${secret}${filler}`.slice(0, 77),
  'a bearer token': (secret) => `sent Bearer ${secret}`,
  'basic credentials': (secret) => `Basic ${Buffer.from(`lovelace:${secret}`).toString('base64')}`,
  'a header line': (secret) => `GET / HTTP/1.1\r\nAuthorization: Token ${secret}\r\nHost: a`,
  'a header of another scheme': (secret) => `Authorization: MyScheme ${secret}`,
  'headers of other schemes': (secret) =>
    `Authorization: Bot ${secret}\nauthorization: Zoho-oauthtoken ${secret}\nAuthorization: Splunk ${secret}`,
  'a header in a command': (secret) =>
    `curl -H "Authorization: GenieKey ${secret}" https://a.example`,
  'a digest': (secret) => `Authorization: Digest username="ada", response="${secret}"`,
  'a cookie line': (secret) => `Cookie: theme="dark"; sid=${secret}; lang=en`,
  'an assignment': (secret) => `password=${secret}`,
  'an assignment with a colon': (secret) => `login failed, password: ${secret}`,
  'an environment': (secret) => `NODE_ENV=production DB_PASSWORD=${secret} PORT=80`,
  'joined names': (secret) => `PGPASSWORD=${secret} stripeapikey=${secret}`,
  'names of stages': (secret) =>
    `API_KEY_V2=${secret} PASSWORD_PROD=${secret} apiKeyProd: ${secret}`,
  'names with a word behind': (secret) =>
    `password_digest=${secret}&passwordConfirmation=${secret}`,
  'a quoted value with a space': (secret) => `host=db password='ab ${secret}' dbname=x`,
  'an export': (secret) => `export SECRET_KEY="${secret} b"\nPASSWORD="a ${secret}"`,
  'a connection string': (secret) => `Server=db;User Id=sa;Password=${secret};Encrypt=true`,
  'a command': (secret) => `curl -H "X-Api-Key: ${secret}" https://a.example`,
  'a flag': (secret) => `mysql --password ${secret} shop`,
  'an inspected object': (secret) => `{ user: 'ada', password: '${secret}' }`,
  'CDATA of XML': (secret) => `<password><![CDATA[${secret}]]></password>`,
  SQL: (secret) =>
    `ALTER USER a WITH PASSWORD '${secret}'; CREATE USER b IDENTIFIED BY '${secret}'`,
  'a percent-encoded query': (secret) => `/login?next=%2Fcb%3Faccess_token%3D${secret}%26x%3D1`,
  'an inspected object in colours': (secret) => inspect({ password: secret }, { colors: true }),
  'a coloured assignment': (secret) => `\u001b[32mtoken=${secret}\u001b[39m`,
  'a coloured token': (secret) => `\u001b[1;31mghp_${filler}${secret}\u001b[0m`,
  'an assignment in colours': (secret) =>
    `\u001b[32mpassword\u001b[39m=\u001b[33m${secret}\u001b[39m`,
  'colours in JSON': (secret) =>
    JSON.stringify({ out: inspect({ 'x-api-key': secret }, { colors: true }) }),
  'a coloured Map': (secret) => inspect(new Map([['password', secret]]), { colors: true }),
  'lines in JSON': (secret) =>
    JSON.stringify({
      a: `first\npassword = ${secret}\ntoken=${secret}\n\tpwd: ${secret}`,
      b: `first\nglc_${secret}\r\nBearer ${secret}\nsecret: 'a ${secret}'`,
    }),
  'lines in JSON in JSON': (secret) =>
    JSON.stringify({ body: JSON.stringify({ env: `A=1\napiKey=${secret}\n--token ${secret}` }) }),
  'a line in an inspected object': (secret) => inspect({ text: `first\ntoken=${secret}` }),
  'JSON that escapes signs': (secret) => `{"url":"/x?a\\u0026token=${secret}\\u0026b=1"}`,
  'a token in a query of JSON': (secret) => `/x?data=%7B%22a%22%3A%22glc_${secret}%22%7D`,
  'a command in JSON': (secret) => JSON.stringify({ cmd: `curl -u ada:${secret} https://a` }),
  'a digest in JSON': (secret) =>
    JSON.stringify({ header: `Authorization: Digest username="ada", response="${secret}"` }),
  'an inspected list': (secret) =>
    inspect({ 'set-cookie': [`sid=${secret}; Path=/`, 'a=1'], passwords: [secret, 'b'] }),
  'a list in indented JSON': (secret) =>
    JSON.stringify({ 'set-cookie': [`sid=${secret}; Path=/`], x: [1] }, undefined, 2),
  'inspected cookies': (secret) => inspect({ cookies: { 'connect.sid': secret, n: 1 } }),
  'inspected raw headers': (secret) =>
    inspect(
      { rawHeaders: ['Host', 'a', 'Cookie', `sid=${secret}`, 'X-Api-Key', secret] },
      { colors: true },
    ),
  'raw headers in JSON': (secret) =>
    JSON.stringify({ body: JSON.stringify({ rawHeaders: ['Host', 'a', 'X-Api-Key', secret] }) }),
  'entries of headers in JSON': (secret) =>
    JSON.stringify({ headers: [...new Headers({ a: 'b', 'x-api-key': secret })] }),
  'inspected entries of headers': (secret) =>
    `${inspect({ list: [['x-api-key', secret]] }, { colors: true })} ${format('%o', { list: [['cookie', secret]] })}`,
  'arguments in JSON': (secret) => JSON.stringify({ argv: ['mysql', '--password', secret, '-h'] }),
  'inspected arguments': (secret) => inspect(['--api-key', secret], { colors: true }),
  'names and values in JSON': (secret) =>
    JSON.stringify({ env: [{ name: 'DB_PASSWORD', value: secret }] }, undefined, 2),
  'inspected names and values': (secret) => inspect({ key: 'Authorization', value: `a ${secret}` }),
  'names and values in YAML': (secret) =>
    JSON.stringify(`env:\n  - name: DB_PASSWORD\n    value: ${secret}\n`),
  'a key of two words': (secret) => `{"user password":"ab ${secret}"}`,
  'a space that does not break': (secret) => `password:\u00a0${secret}`,
  'the line below': (secret) => `Password:\n  ${secret}\n`,
  'a user of curl': (secret) => `curl -s -u ada:${secret} https://a.example`,
  'credentials of docker': (secret) =>
    `{"auths":{"r.example":{"auth":"${Buffer.from(`lovelace:${secret}`).toString('base64')}"}}}`,
  'a private key in base64': (secret) =>
    `tls.key: ${Buffer.from('-----BEGIN RSA PRIVATE KEY-----\nMIIEv').toString('base64').replaceAll('=', '')}${secret}`,
  'a container in JSON': (secret) =>
    `{"secrets":{"db":"${secret}","x":1},"cookies":{"sid":"${secret}"}}`,
  'a value in JSON': (secret) => `{"password":{"value":"${secret}","changed":false}}`,
  'two words': (secret) => `the api key: ${secret}`,
  'a list in JSON': (secret) => `{"set-cookie":["a=1","sid=${secret}; Path=/"],"x":[1]}`,
  'an element of XML': (secret) => `<login><user>ada</user><password>${secret}</password></login>`,
  'an element with attributes': (secret) => `<wsse:Password Type="Text">${secret}</wsse:Password>`,
  'a signed URL': (secret) => `https://b.example/o?X-Amz-Signature=${secret}&x=1`,
};
for (const [name, make] of Object.entries(texts)) {
  plant(`${name} in the message`, (secret, { logger }) => logger.info(make(secret)));
  plant(`${name} in a field`, (secret, { logger }) => logger.info('text', { note: make(secret) }));
  plant(`${name} in an Error`, (secret, { logger }) => logger.error(new Error(make(secret))));
}

plant('a template with %s', (secret, { logger }) => logger.info('token=%s', secret));
plant('a template with %j', (secret, { logger }) => logger.info('got %j', { password: secret }));
plant('a template with %o', (secret, { logger }) => logger.info('got %o', { password: secret }));
plant('an argument behind its name', (secret, { logger }) => logger.info('password:', secret));
plant('fields of an Error', (secret, { logger }) => {
  const config = {
    url: '/x',
    headers: { Authorization: secret },
    auth: { password: `x${secret}` },
  };
  logger.error('request failed', Object.assign(new Error('401'), { config, token: secret }));
});
plant('fields of an Error in a field', (secret, { logger }) =>
  logger.error('x', { err: Object.assign(new Error('401'), { apiKey: secret }) }),
);
plant('the login of ioredis', (secret, { logger }) => {
  const command = { name: 'auth', args: ['default', secret] };
  logger.error(Object.assign(new Error('WRONGPASS invalid username-password pair'), { command }));
});
plant('a cause', (secret, { logger }) =>
  logger.error(new Error('outer', { cause: new Error(`password=${secret}`) })),
);
plant('the fields of a cause', (secret, { logger }) => {
  const cause = Object.assign(new Error('inner'), { password: secret });
  logger.error('x', { error: new Error('outer', { cause }), more: { cause } });
});
plant('a member of an AggregateError', (secret, { logger }) =>
  logger.error(new AggregateError([new Error(`Bearer ${secret}`)], 'all failed')),
);
plant('what is thrown by a getter', (secret, { logger }) =>
  logger.info('x', {
    value: {
      get bad() {
        throw new Error(`password=${secret}`);
      },
    },
  }),
);
plant('a child logger', (secret, { logger }) => logger.child({ token: secret }).info('child'));
plant('the context of a request', (secret, { logger }) =>
  withLogContext({ session: { accessToken: secret } }, () => logger.info('in context')),
);
plant('the name of an event', (secret, { logger }) =>
  logger.info('event', { 'event.name': `glc_${secret}` }),
);
plant('a key', (secret, { logger }) => logger.info('key', { [`glc_${secret}`]: 1 }));
plant('a key longer than the limit', (secret, { logger }) =>
  logger.info('key', { nested: { [`${'-'.repeat(230)}glc_${secret}${'-'.repeat(100)}`]: 1 } }),
);
// Wherever a text is cut, it is cut behind redaction.
plant('a body longer than the limit', (secret, { logger }) => {
  for (let before = 194_000; before < 199_000; before += 1_000) {
    logger.info(`${'x'.repeat(before)} password=${secret} ${'y'.repeat(200_000)}`);
  }
});
plant('a field longer than the limit', (secret, { logger }) => {
  for (let before = 40_000; before < 50_000; before += 1_000) {
    const jwt = `${jwtHead}.eyJ${secret}.${filler}`;
    logger.info('long', { field: `${'x'.repeat(before)} ${jwt} ${'y'.repeat(60_000)}` });
  }
});
plant('the body of an emitted record', (secret, { loggerProvider }) =>
  loggerProvider.getLogger('other').emit({ body: { password: secret } }),
);
plant('the attributes of an emitted record', (secret, { loggerProvider }) =>
  loggerProvider.getLogger('other').emit({
    body: `Bearer ${secret}`,
    eventName: `glc_${secret}`,
    severityText: `glc_${secret}`,
    attributes: { 'http.request.header.authorization': [`Bearer ${secret}`], a: { token: secret } },
  }),
);
