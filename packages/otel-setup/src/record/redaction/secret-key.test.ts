import assert from 'node:assert/strict';
import { it } from 'node:test';
import { secretKind } from './secret-key.ts';

it('a key is secret by its last words, in any case and with any separator', () => {
  const secret = [
    ...['password', 'PASSWORD', 'Password', 'passWord', 'pass_word', 'userPassword', 'password2'],
    ...['api-key', 'apiKey', 'API_KEY', 'x-api-key', 'X-APIKey', 'api.key', 'api key', 'apikey'],
    ...[
      'db.password',
      'spring.datasource.password',
      'user[password]',
      'http.request.header.cookie',
    ],
    ...['PGPASSWORD', 'MYSQLPASSWORD', 'redispassword', 'MONGOPASSWORD', 'stripeapikey'],
    ...['API_KEY_V2', 'apiKeyV2', 'PASSWORD_PROD', 'apiKeyProd', 'STRIPE_SECRET_KEY_TEST'],
    ...['privateKeyPem', 'password_digest', 'DB_PASSWORD_DEV', 'JWT_SECRET_STAGING'],
    ...['pass', 'SMTP_PASS', 'auth.pass', 'secretAccessKey', 'oauthToken', 'session.token.value'],
  ];
  assert.deepEqual(
    secret.filter((key) => secretKind(key) !== 'secret'),
    [],
  );
});

it('a key that only has to do with a secret is none', () => {
  const innocent = [
    ...['', '-', '日本語', 'secretary', 'author', 'tokenize', 'cookieConsent', 'passwordResetAt'],
    ...[
      'tokens',
      'max_tokens',
      'tokenType',
      'nextPageToken',
      'page-token',
      'hasPassword',
      'isToken',
    ],
    ...['boardingPass', 'bypass', 'compass', 'key', 'primaryKey', 'publicKey', 'accessKeyId'],
    ...['NOPASSWD', 'forgotpassword', 'resetpassword', 'passwordTest', 'tokenDev', 'apiKeyVersion'],
    ...['publicKeyPem', 'tokenHash', 'PASSWORD_PRODUCT', 'passwordTestResult', 'keyV2', 'PROD'],
    ...['user.hasToken', 'authorizationStatus', 'passport', 'wordpass', 'mypasswordfield'],
  ];
  assert.deepEqual(
    innocent.filter((key) => secretKind(key) !== 'none'),
    [],
  );
});

it('cookies and headers are lists of names and values', () => {
  assert.deepEqual(
    ['cookies', 'req.cookies', 'secrets', 'apiKeys', 'headers', 'rawHeaders', 'trailers'].map(
      secretKind,
    ),
    ['container', 'container', 'container', 'container', 'headers', 'headers', 'headers'],
  );
});
