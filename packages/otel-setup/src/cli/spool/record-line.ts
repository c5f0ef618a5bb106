// One stored record: as a line of JSON for programs, as a line of text for people.

import type { Definition } from '../../record/batch.ts';
import {
  type DecodedRecord,
  decodeRecord,
  decodeResource,
  decodeScope,
  type Json,
} from '../decode-record.ts';
import { printable, shortened } from '../text.ts';

/** ISO 8601 with all nine digits of the nanoseconds. */
function isoTime(nanos: bigint): string {
  const ms = Number(nanos / 1_000_000n);
  if (ms > 8.64e15) return String(nanos);
  const fraction = String(nanos % 1_000_000_000n).padStart(9, '0');
  return `${new Date(ms).toISOString().slice(0, -5)}.${fraction}Z`;
}

interface Decoded {
  readonly resource: { [key: string]: Json };
  readonly scope: { name: string; version: string };
}

/** Makes lines of JSON, and decodes each resource and scope once. */
export class RecordLines {
  readonly #known = new WeakMap<Definition, Decoded>();

  /** With a newline. `extra` says where the record lies. */
  line(
    bytes: Uint8Array,
    definition: Definition,
    extra: Readonly<Record<string, unknown>>,
  ): string {
    const record = decodeRecord(bytes);
    const { resource, scope } = this.#decoded(definition);
    const line = {
      time: isoTime(record.timeUnixNano),
      timeUnixNano: String(record.timeUnixNano),
      severity: record.severityText,
      severityNumber: record.severityNumber,
      body: record.body,
      attributes: record.attributes,
      ...traceOf(record),
      ...(record.eventName === '' ? {} : { eventName: record.eventName }),
      resource,
      scope,
      ...(record.isWhole ? {} : { damaged: true }),
      ...extra,
    };
    return `${JSON.stringify(line)}\n`;
  }

  #decoded(definition: Definition): Decoded {
    const known = this.#known.get(definition);
    if (known !== undefined) return known;
    const { resource, scope } = definition;
    const decoded = { resource: decodeResource(resource), scope: decodeScope(scope) };
    this.#known.set(definition, decoded);
    return decoded;
  }
}

function traceOf({ flags, spanId, traceId }: DecodedRecord): object {
  return traceId === '' ? {} : { traceId, spanId, traceFlags: flags };
}

/** The first line of what was logged, in a row of so many characters. */
export function textLine(bytes: Uint8Array, columns: number): string {
  const { body, severityText, timeUnixNano } = decodeRecord(bytes);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const first = printable(text.slice(0, 4096).split('\n', 1)[0] ?? '');
  const time = isoTime(timeUnixNano).slice(0, 23).replace('T', ' ');
  return shortened(`${time} ${printable(severityText).padEnd(5)} ${first}`, columns);
}
