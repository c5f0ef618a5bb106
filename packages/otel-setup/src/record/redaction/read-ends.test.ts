import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributeRoom, bodyRoom } from './read-ends.ts';
import { Redactor } from './redactor.ts';

const redactor = new Redactor({}, () => undefined);
const named = (value: string) =>
  String(redactor.named(value, { place: undefined, clean: undefined }));
const filler = 'the quick brown fox '.repeat(50_000);
const jwtHead = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/** Put into a huge text at such a place. */
function placed(secret: string, at: number): string {
  return `${filler.slice(0, at)} ${secret} ${filler.slice(at)}`;
}

describe('a huge text', () => {
  it('is its beginning and its end, with a mark that tells how long it was', () => {
    const text = `begin${filler}end`;
    for (const [clean, room] of [
      [String(redactor.body(text)), bodyRoom],
      [named(text), attributeRoom],
    ] as const) {
      const head = text.slice(0, room.head);
      const tail = text.slice(-room.tail);
      assert.equal(clean, `${head} ...[cut: ${text.length} characters]... ${tail}`);
    }
  });

  it('keeps no half of a secret that the cut went through', () => {
    const secrets: Readonly<Record<string, string>> = {
      assignment: `password=${'Zq7vKx9wB'.repeat(200)}`,
      JWT: `${jwtHead}.${'Zq7vKx9wB'.repeat(5_000)}.${'Zq7vKx9wB'.repeat(5)}`,
      'private key': `-----BEGIN PRIVATE KEY-----\n${'Zq7vKx9wB\n'.repeat(5_000)}-----END PRIVATE KEY-----`,
      quoted: `{"password":"${'Zq7vKx9wB '.repeat(1_500)}"}`,
    };
    for (const [name, secret] of Object.entries(secrets)) {
      for (const border of [49_152, 65_536, filler.length - 32_768, filler.length - 16_384]) {
        for (let at = border - secret.length - 2_000; at <= border + 2_000; at += 1_500) {
          assert.ok(!named(placed(secret, Math.max(0, at))).includes('Zq7vKx9wB'), `${name} ${at}`);
        }
      }
    }
  });

  it('costs what is kept of it, however long it is', () => {
    const text = 'password: too short '.repeat(500_000);
    const took = [1, 2, 3].map(() => {
      const began = performance.now();
      for (let i = 0; i < 100; i++) {
        named(text);
      }
      return performance.now() - began;
    });
    // Read whole, they take seconds.
    assert.ok(Math.min(...took) < 1_000, `${took} ms`);
  });
});
