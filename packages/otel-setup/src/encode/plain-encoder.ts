// Hot path: runs on the caller's thread for every record.
// The commonest record, a text and fields of plain values, written as it is read: no object is made of it on the way.

import type { HrTime } from '@opentelemetry/api';
import {
  type AttributeName,
  type AttributeNames,
  createAttributeNames,
  isNew,
} from '../record/attribute-name.ts';
import type { Info, Levels, SharedFields } from '../record/info.ts';
import { isSurelyWithin, type Limits } from '../record/limits.ts';
import type { SpanIds } from '../record/log-record.ts';
import type { Redactor } from '../record/redaction/redactor.ts';
import { createSeverities, type Severity, type SeverityMapping } from '../record/severity.ts';
import { readField } from '../record/unreadable.ts';
import type { RecordEncoder } from './encode-record.ts';
import { forgive, isWaiting, refuse } from './plain-tries.ts';

const isOwn = Object.prototype.hasOwnProperty;

export interface PlainOptions {
  readonly timestamps: () => HrTime;
  readonly severities?: SeverityMapping | undefined;
  /** One that counts nothing: what it finds is found again, and counted, when the record is made in the other way. */
  readonly redactor?: Redactor | undefined;
}

export class PlainEncoder {
  /** OpenTelemetry's number for the record that was written last. */
  severityNumber = 0;
  readonly #encoder: RecordEncoder;
  readonly #timestamps: () => HrTime;
  readonly #limits: Limits;
  readonly #redactor: Redactor | undefined;
  readonly #names: AttributeNames;
  readonly #severity: ReturnType<typeof createSeverities>;
  /** UTF-16 units of the record's texts, and its attributes. */
  #chars = 0;
  #count = 0;
  #time: HrTime = [0, 0];
  /** Names: of the field that the record begins with, and of the last one of its own. */
  #first: AttributeName | undefined;
  #last: AttributeName | undefined;
  #reread: Info | undefined;

  constructor(encoder: RecordEncoder, limits: Limits, options: PlainOptions) {
    this.#encoder = encoder;
    this.#limits = limits;
    this.#timestamps = options.timestamps;
    this.#redactor = options.redactor;
    this.#names = createAttributeNames(limits.reserved, options.redactor);
    this.#severity = createSeverities(options.severities);
  }

  /**
   * The length of the record in the encoder's buffer; -1 for one that needs more than copying: a secret, an
   * object among its values, a name that must change, too much of anything. Never throws.
   */
  encode(
    level: string,
    text: string,
    fields: Info,
    levels: Levels,
    span: SpanIds | undefined,
    shared?: SharedFields | undefined,
  ): number {
    // Of a call whose stack ended before it was taken.
    this.#reread = undefined;
    try {
      const severity = this.#severity(level, levels);
      if (severity.name !== undefined || !this.#putAll(fields, severity, text, shared)) {
        return -1;
      }
      // Not before: a record that is left for its fields has its text looked through once, not twice.
      if (this.#redacted(text)) {
        return -1;
      }
      forgive(this.#first);
      this.severityNumber = severity.number;
      return this.#encoder.end(this.#time, 0, span, undefined);
    } catch {
      // A getter that throws, a Proxy: the other way says so in the record.
      return -1;
    }
  }

  /** Where a getter has logged amid the record that was left: the fields with what it gave, so that it is not asked again. */
  takeReread(): Info | undefined {
    const reread = this.#reread;
    this.#reread = undefined;
    return reread;
  }

  /** The number of the record among the encoder's: who begins another one takes its place. */
  #begin(severity: Severity, text: string): number {
    const encoder = this.#encoder;
    this.#time = this.#timestamps();
    this.#chars = text.length;
    this.#count = 0;
    encoder.begin(this.#time, severity.number, severity.text, text);
    return encoder.begun;
  }

  /** Asked before each is written: the limits are for whoever logs a thousand fields, or a text of megabytes. */
  #isWithin(): boolean {
    return isSurelyWithin(this.#limits, this.#chars, this.#count);
  }

  #redacted(text: string): boolean {
    const redactor = this.#redactor;
    return redactor !== undefined && redactor.body(text) !== text;
  }

  #putAll(
    fields: Info,
    severity: Severity,
    text: string,
    shared: SharedFields | undefined,
  ): boolean {
    // Hardly any object has no prototype, and an Error without one is no plain object.
    const isPlain = Object.getPrototypeOf(fields) === Object.prototype;
    if (!isPlain || !isSurelyWithin(this.#limits, text.length, 0)) {
      return false;
    }
    return (
      this.#putOwn(fields, severity, text) &&
      (this.#first !== undefined || this.#beginBare(severity, text, shared)) &&
      (shared === undefined || this.#putShared(shared, fields))
    );
  }

  #putOwn(fields: Info, severity: Severity, text: string): boolean {
    let number = -1;
    let previous: AttributeName | undefined;
    let first: AttributeName | undefined;
    for (const key in fields) {
      if (key === 'level' || key === 'message' || !isOwn.call(fields, key)) {
        continue;
      }
      const name = this.#names(key, previous);
      previous = name;
      if (first === undefined) {
        if (isWaiting(name)) {
          return false;
        }
        first = name;
        number = this.#begin(severity, text);
      }
      if (!this.#read(fields, name, key, number)) {
        refuse(first);
        return false;
      }
    }
    this.#first = first;
    this.#last = previous;
    return true;
  }

  /** A text alone, which begins with the first field of its request, if any. */
  #beginBare(severity: Severity, text: string, shared: SharedFields | undefined): boolean {
    for (const key in shared) {
      const name = this.#names(key, undefined);
      if (isWaiting(name)) {
        return false;
      }
      this.#first = name;
      break;
    }
    this.#begin(severity, text);
    return true;
  }

  /** Behind the record's own fields: those that all records of its request have. */
  #putShared(shared: SharedFields, fields: Info): boolean {
    const { begun } = this.#encoder;
    let previous = this.#last;
    for (const key in shared) {
      if (!isOwn.call(shared, key)) {
        continue;
      }
      const value = shared[key];
      // Which of two with one name counts is told elsewhere.
      const isGiven = isOwn.call(fields, key);
      // One that was taken away stays among them as undefined.
      if (value === undefined && !isGiven) {
        continue;
      }
      const name = this.#names(key, previous);
      previous = name;
      if (isGiven || name.given !== key || !this.#put(name, value, begun)) {
        refuse(this.#first);
        return false;
      }
    }
    return true;
  }

  /** One field; false where the record must be made in the other way. */
  #read(fields: Info, name: AttributeName, key: string, number: number): boolean {
    const value = fields[key];
    if (this.#encoder.begun !== number) {
      this.#reread = withField(fields, key, value);
      return false;
    }
    // A key may be a secret, too.
    return value === undefined || (name.given === key && this.#put(name, value, number));
  }

  #put(name: AttributeName, value: unknown, number: number): boolean {
    switch (typeof value) {
      case 'string':
        this.#chars += value.length;
        break;
      case 'number':
        // The console has words for those that are none.
        if (!Number.isFinite(value)) {
          return false;
        }
        break;
      case 'boolean':
        break;
      default:
        if (value !== null) {
          return false;
        }
    }
    this.#count++;
    if (!this.#isWithin()) {
      return false;
    }
    if (!(name.plain && name.meaning === undefined) && !isNew(name, number)) {
      return false;
    }
    const redactor = this.#redactor;
    if (redactor !== undefined && redactor.named(value, name) !== value) {
      return false;
    }
    this.#encoder.attribute(name, value);
    return true;
  }
}

function withField(fields: Info, known: string, value: unknown): Info {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    copy[key] = key === known ? value : readField(fields, key);
  }
  return copy;
}
