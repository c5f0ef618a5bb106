// Hot path: runs on the caller's thread for every record.
// LogRecord of opentelemetry/proto/logs/v1/logs.proto, its fields in the order in which OpenTelemetry JS writes them.

import type { HrTime } from '@opentelemetry/api';
import type { SentKey } from '../record/attribute-name.ts';
import type { AnyValue, LogRecord, SpanIds } from '../record/log-record.ts';
import { MadeRecord } from '../record/made-record.ts';
import { encodeKeyValue, encodeValue, KeyPrefixes } from './encode-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Above this the buffer of one giant record is not kept. */
const keptBytes = 1_048_576;

export class RecordEncoder {
  #writer = new ProtobufWriter();
  readonly #keys = new KeyPrefixes();
  #second = -1;
  #secondLow = 0;
  #secondHigh = 0;

  /** Records begun: whoever writes one piece by piece sees by it that another has taken its place. */
  begun = 0;

  /** Encodes into a buffer that is reused by the next call: `bytes[0..length)`. */
  encode(record: LogRecord): number {
    this.begin(record.hrTime, record.severityNumber, record.severityText, record.body);
    this.#attributes(record);
    const { droppedAttributesCount, spanContext, hrTimeObserved, eventName } = record;
    return this.end(hrTimeObserved, droppedAttributesCount, spanContext, eventName);
  }

  /** All that stands before the attributes. */
  begin(
    time: HrTime,
    severityNumber: number | undefined,
    severityText: string | undefined,
    body: AnyValue,
  ): void {
    this.begun++;
    if (this.#writer.bytes.length > keptBytes) {
      this.#writer = new ProtobufWriter();
    }
    const writer = this.#writer;
    writer.position = 0;
    writer.reserve(64);
    writer.byte(0x09);
    this.#time(time);
    if (severityNumber) {
      writer.byte(0x10);
      writer.varint(severityNumber);
    }
    if (severityText) {
      writer.byte(0x1a);
      writer.text(severityText);
    }
    if (body !== undefined) {
      writer.reserve(8);
      writer.byte(0x2a);
      const start = writer.open();
      encodeValue(writer, body);
      writer.close(start);
    }
  }

  attribute(key: SentKey, value: AnyValue): void {
    key.encoded ??= this.#keys.get(key.key);
    encodeKeyValue(this.#writer, 0x32, key.encoded, value);
  }

  /** All that stands behind the attributes; the length of the whole. */
  end(
    observed: HrTime,
    droppedAttributesCount: number,
    span: SpanIds | undefined,
    eventName: string | undefined,
  ): number {
    const writer = this.#writer;
    writer.reserve(96);
    writer.byte(0x38);
    writer.varint(droppedAttributesCount);
    if (span !== undefined) {
      this.#span(span);
    }
    writer.byte(0x59);
    this.#time(observed);
    if (eventName) {
      writer.byte(0x62);
      writer.text(eventName);
    }
    return writer.position;
  }

  get bytes(): Buffer {
    return this.#writer.bytes;
  }

  #attributes(record: LogRecord): void {
    if (record instanceof MadeRecord) {
      const { keys, values } = record;
      for (let i = 0; i < keys.length; i++) {
        this.attribute(keys[i] as SentKey, values[i]);
      }
      return;
    }
    for (const [key, value] of Object.entries(record.attributes)) {
      encodeKeyValue(this.#writer, 0x32, this.#keys.get(key), value);
    }
  }

  #span(span: SpanIds): void {
    const writer = this.#writer;
    if (span.traceFlags) {
      writer.byte(0x45);
      writer.fixed32(span.traceFlags);
    }
    writer.byte(0x4a);
    writer.byte(16);
    this.#hexadecimal(span.traceId);
    writer.byte(0x52);
    writer.byte(8);
    this.#hexadecimal(span.spanId);
  }

  #hexadecimal(digits: string): void {
    const writer = this.#writer;
    for (let i = 0; i < digits.length; i += 2) {
      writer.byte((nibble(digits.charCodeAt(i)) << 4) | nibble(digits.charCodeAt(i + 1)));
    }
  }

  /** fixed64 nanoseconds: the second's part is the same for many records. */
  #time(time: HrTime): void {
    if (time[0] !== this.#second) {
      const nanos = BigInt.asUintN(64, BigInt(Math.trunc(time[0])) * 1_000_000_000n);
      this.#second = time[0];
      this.#secondLow = Number(nanos & 0xffffffffn);
      this.#secondHigh = Number(nanos >> 32n);
    }
    const low = this.#secondLow + time[1];
    const writer = this.#writer;
    writer.fixed32(low >>> 0);
    writer.fixed32((this.#secondHigh + (low > 0xffffffff ? 1 : 0)) >>> 0);
  }
}

function nibble(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}
