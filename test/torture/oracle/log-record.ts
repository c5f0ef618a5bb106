// Reads of an encoded OTLP LogRecord what the oracle needs to know. A decoder of its own, from the text of
// opentelemetry/proto/logs/v1/logs.proto.

import { checkPayload, type PayloadState } from './payload.ts';

export interface ReadRecord {
  /** Undefined in a record that the suite did not log: the SDK's own. */
  readonly id: string | undefined;
  readonly payload: PayloadState | 'own';
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

const truncatedName = 'otel_setup.truncated';

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Field {
    const tag = Number(this.#varint());
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) return { number, bytes: Buffer.alloc(0), value: this.#varint() };
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(this.#varint()) : -1;
    if (length < 0 || this.#at + length > this.#bytes.length) throw new Error('not protobuf');
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return { number, bytes, value: 0n };
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('not protobuf');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('not protobuf');
  }
}

function fieldsOf(bytes: Buffer): Field[] {
  const reader = new Reader(bytes);
  const fields: Field[] = [];
  while (!reader.isAtEnd) fields.push(reader.next());
  return fields;
}

/** The text or the integer of an AnyValue. */
function anyValue(bytes: Buffer): string | number | undefined {
  const [field] = fieldsOf(bytes);
  if (field?.number === 1) return field.bytes.toString();
  return field?.number === 3 ? Number(field.value) : undefined;
}

/** Throws where the bytes are no LogRecord. */
export function readLogRecord(bytes: Buffer): ReadRecord {
  const attributes = new Map<string, string | number | undefined>();
  let body: string | number | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 5) body = anyValue(field.bytes);
    if (field.number !== 6) continue;
    const pair = fieldsOf(field.bytes);
    const key = pair.find(({ number }) => number === 1)?.bytes.toString() ?? '';
    attributes.set(
      key,
      anyValue(pair.find(({ number }) => number === 2)?.bytes ?? Buffer.alloc(0)),
    );
  }
  return readFacts((name) => attributes.get(name), body);
}

/** The same from attributes that somebody else decoded. */
export function readFacts(attribute: (name: string) => unknown, body: unknown): ReadRecord {
  const id = attribute('id');
  if (typeof id !== 'string') return { id: undefined, payload: 'own' };
  const size = attribute('size');
  const isMarked = attribute(truncatedName) !== undefined;
  const payload = checkPayload(id, typeof size === 'number' ? size : -1, body ?? '', isMarked);
  return { id, payload };
}
