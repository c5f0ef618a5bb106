// Which records a request holds, whatever its format: the ids stand in all of them as plain text once it is unpacked.

import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { uncompressSync } from 'snappy';
import { customerOf, idDigits, idPrefix, pathOf } from './record.ts';

/** How far from its id a record's other fields may stand, in bytes. */
const reach = 1_500;

export class Tally {
  readonly #seen: Uint8Array;
  /** Different records that arrived. */
  received = 0;
  /** Records that arrived again. */
  duplicates = 0;
  /** Ids that were never given out, and records whose other fields are not theirs. */
  faulty = 0;

  constructor(capacity: number) {
    this.#seen = new Uint8Array(capacity);
  }

  add(text: Buffer): void {
    let at = text.indexOf(idPrefix);
    while (at >= 0) {
      const digits = at + idPrefix.length;
      this.#count(Number(text.toString('latin1', digits, digits + idDigits)), text, at);
      at = text.indexOf(idPrefix, digits + idDigits);
    }
  }

  #count(id: number, text: Buffer, at: number): void {
    const seen = this.#seen[id];
    if (seen === undefined) {
      this.faulty += 1;
      return;
    }
    this.#seen[id] = 1;
    if (seen > 0) this.duplicates += 1;
    else this.received += 1;
    const around = text.subarray(Math.max(0, at - reach), at + reach);
    if (!around.includes(customerOf(id)) || !around.includes(pathOf(id))) this.faulty += 1;
  }
}

/** The body as its sender had it before compression: gzip by its header, snappy as Loki's protobuf push implies. */
export function unpack(body: Buffer, url: string, headers: IncomingHttpHeaders): Buffer {
  if (headers['content-encoding'] === 'gzip') return gunzipSync(body);
  const isProtobuf = headers['content-type']?.startsWith('application/x-protobuf') === true;
  if (!isProtobuf || !url.startsWith('/loki/')) return body;
  const plain = uncompressSync(body);
  return Buffer.isBuffer(plain) ? plain : Buffer.from(plain);
}
