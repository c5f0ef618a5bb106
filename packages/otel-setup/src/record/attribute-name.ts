// Hot path: runs on the caller's thread for every attribute.
// What a key is sent as, and what its name means to Loki, to OpenTelemetry or to redaction.

import type { Place, Redactor } from './redaction/redactor.ts';

/** A key as it is sent, and where the encoder keeps what it made of it. */
export interface SentKey {
  readonly key: string;
  encoded: EncodedKey | undefined;
}

/** Field 1 of a KeyValue: tag, length and text, in `length` bytes. */
export interface EncodedKey {
  readonly length: number;
  /** Four bytes each, little-endian; the last one is filled up with zeros. */
  readonly words: Int32Array;
}

export interface AttributeName extends SentKey {
  /** The key as it was logged, without secrets. */
  readonly given: string;
  /** The name under which Loki shows it, which other keys may share; undefined for one too many. */
  readonly shown: ShownName | undefined;
  /** Only letters and digits, and not reserved: meets no other key in Loki. */
  readonly plain: boolean;
  /** `record`: Loki derives this name from the record itself. `level`: Loki's level detection believes it. */
  readonly meaning: 'record' | 'level' | 'event' | undefined;
  readonly renamed: boolean;
  /** Its name in Loki stands for something else already. */
  readonly reserved: boolean;
  /** What it says about secrets in its values. */
  readonly place: Place | undefined;
  /** The text last found under it that holds no secret. */
  clean: string | undefined;
  /** The name that came behind this one last time. */
  next: AttributeName | undefined;
  /** Of the records that begin with it: how many more go without the plain encoder, and how many went last time. */
  waits: number;
  refused: number;
}

export interface ShownName {
  /** The number of the draft in which it came last. */
  draft: number;
}

/** The name of `key`, which comes behind `previous` in its record. */
export type AttributeNames = (key: string, previous: AttributeName | undefined) => AttributeName;

const maxKeyLength = 256;
const maxRemembered = 4_096;

const recordFields = new Set([
  'severity_number',
  'severity_text',
  'observed_timestamp',
  'flags',
  'scope_name',
  'scope_version',
  'detected_level',
  'event_name',
  'dropped_attributes_count',
  'trace_id',
  'span_id',
  'trace_flags',
]);

/** `log_level_fields` in grafana/loki pkg/validation/limits.go. */
const levelField = /^(?:log[._]level|level|severity|lvl|severity_?text)$/i;

export function createAttributeNames(
  reserved: ReadonlySet<string>,
  redactor?: Redactor,
): AttributeNames {
  const known = new Map<string, AttributeName>();
  const shownNames = new Map<string, ShownName>();
  const shownAs = (shown: string): ShownName | undefined => {
    if (!shownNames.has(shown) && shownNames.size < maxRemembered) {
      shownNames.set(shown, { draft: 0 });
    }
    return shownNames.get(shown);
  };
  const first = describe('', reserved, shownAs, redactor);
  const find = (key: string): AttributeName => {
    const found = known.get(key);
    if (found !== undefined) {
      return found;
    }
    const name = describe(key, reserved, shownAs, redactor);
    if (known.size < maxRemembered && name.given === key) {
      known.set(key, name);
    }
    return name;
  };
  // A call site logs the same keys in the same order: comparing two pointers finds most names.
  return (key, previous = first) => {
    const { next } = previous;
    if (next !== undefined && next.given === key) {
      return next;
    }
    const name = find(key);
    previous.next = name;
    return name;
  };
}

function describe(
  logged: string,
  reserved: ReadonlySet<string>,
  shownAs: (shown: string) => ShownName | undefined,
  redactor: Redactor | undefined,
): AttributeName {
  const key = redactor === undefined ? logged : redactor.key(logged);
  const usable = usableKey(key);
  const shown = shownName(usable);
  return {
    given: key,
    next: undefined,
    encoded: undefined,
    key: usable,
    shown: shownAs(shown),
    plain: usable === key && /^[A-Za-z][A-Za-z0-9]*$/.test(usable) && !reserved.has(shown),
    meaning: meaningOf(usable),
    renamed: usable !== key,
    reserved: reserved.has(shown),
    place: redactor?.placeOf(key),
    clean: undefined,
    waits: 0,
    refused: 0,
  };
}

/** Whether the name is sent as it is, and met in this record for the first time. */
export function isNew(
  { meaning, renamed, reserved, shown }: AttributeName,
  number: number,
): boolean {
  if (meaning !== undefined || renamed || reserved || shown === undefined) {
    return false;
  }
  if (shown.draft === number) {
    return false;
  }
  shown.draft = number;
  return true;
}

function meaningOf(key: string): AttributeName['meaning'] {
  if (key === 'event.name' || key === 'otel.event.name') {
    return 'event';
  }
  if (recordFields.has(shownName(key))) {
    return 'record';
  }
  return isLevelName(key) ? 'level' : undefined;
}

/** Whether Loki's level detection believes an attribute of this name. */
export function isLevelName(name: string): boolean {
  return levelField.test(name);
}

/** Whether the name stands for something of the record itself. */
export function stands(key: string): boolean {
  return recordFields.has(shownName(key)) || isLevelName(key);
}

/**
 * The key itself, or for one that Loki would refuse (since 3.6 it refuses the whole request for a key
 * without an ASCII letter or digit) the same characters in hexadecimal.
 */
export function usableKey(key: string): string {
  if (key === '__proto__') {
    return 'proto';
  }
  const short = key.length > maxKeyLength ? key.slice(0, maxKeyLength) : key;
  if (/[A-Za-z0-9]/.test(short)) {
    // Two keys with half a surrogate pair each would be one on the wire.
    return /[\ud800-\udfff]/.test(short) ? Buffer.from(short).toString() : short;
  }
  return key === ''
    ? 'key_empty'
    : `key_${Buffer.from(key, 'utf8').subarray(0, 32).toString('hex')}`;
}

/** Other characters become `_`, runs collapse, a leading digit gets `key_`. */
export function shownName(key: string): string {
  const name = key.replace(/[^A-Za-z0-9]+/g, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}
