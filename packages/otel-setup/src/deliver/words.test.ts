import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServerAnswer } from './answer.ts';
import { answer, rpcStatus } from './harness.test.ts';
import { readJsonResponse, readProtobufResponse } from './partial-success.ts';
import { bodyText, cleanWords } from './words.ts';

function textOf(body: string | Uint8Array, cut = false): string {
  return bodyText({ ...(answer(400, body) as ServerAnswer), cut });
}

test('the text of an error body is found in each of its forms', () => {
  assert.equal(textOf(rpcStatus(3, 'from protobuf')), 'from protobuf');
  assert.equal(textOf('{"code":3,"message":"from JSON"}'), 'from JSON');
  assert.equal(
    textOf('{"status":"error","error":"authentication error: x"}'),
    'authentication error: x',
  );
  assert.equal(textOf('no org id\n'), 'no org id\n');
  assert.equal(
    textOf('<html><head><title>502 Bad Gateway</title></head></html>'),
    '502 Bad Gateway',
  );
  assert.equal(textOf(''), '');
});

test('a status message that is cut off still gives its beginning', () => {
  const whole = rpcStatus(3, `it begins so ${'x'.repeat(9000)}`);
  assert.match(textOf(whole.subarray(0, 5000), true), /^it begins so x+$/);
});

test('words are one line of at most 200 characters without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const words = cleanWords(text, []);
      assert.ok(words.length <= 200);
      assert.doesNotMatch(words, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('what a collector puts before the words of the server behind it goes', () => {
  const words =
    'Permanent error: rpc error: code = InvalidArgument desc = error exporting items, request to http://loki.internal:3100/otlp/v1/logs responded with HTTP Status Code 400, Message=1 error, entry too far behind';
  assert.equal(cleanWords(words, []), 'behind it HTTP 400: 1 error, entry too far behind');
});

test('secrets are masked by their shape and by name', () => {
  const text =
    'token glc_eyJvIjoiMSJ9 glsa_abc123 Basic dXNlcjpwYXNz, Bearer abcdefgh https://u:p@host/ my-own-secret';
  const words = cleanWords(text, ['Token my-own-secret']);
  assert.doesNotMatch(words, /eyJv|abc123|dXNl|abcdefgh|u:p|my-own/);
  assert.match(words, /glc_\*\*\* glsa_\*\*\* Basic \*\*\*/);
});

test('a password is masked as it was packed and as the server unpacked it', () => {
  const packed = Buffer.from('12345:hunter2:x').toString('base64');
  const words = cleanWords(`no user 12345 with hunter2:x, ${packed}`, [`Basic ${packed}`]);
  assert.equal(words, 'no user 12345 with ***, ***');
});

test('a response of any bytes is read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      readProtobufResponse(body);
      readJsonResponse(Buffer.from(body).toString());
      textOf(body, true);
    }),
  );
});

test('a partial success is read in both spellings of JSON', () => {
  const camel = '{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"m"}}';
  const snake = '{"partial_success":{"rejected_log_records":3,"error_message":"m"}}';
  assert.deepEqual(readJsonResponse(camel), { rejected: 3, message: 'm' });
  assert.deepEqual(readJsonResponse(snake), { rejected: 3, message: 'm' });
  assert.deepEqual(readJsonResponse('{}'), { rejected: 0, message: '' });
  assert.equal(readJsonResponse('nonsense'), undefined);
});
