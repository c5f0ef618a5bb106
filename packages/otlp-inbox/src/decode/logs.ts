// What an OTLP logs request holds, in the form that the rest of the package reads.

export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Integers beyond 2^53 are bigints, an empty value is null, bytes are Uint8Arrays. */
export type Attributes = { readonly [key: string]: AttributeValue };

/** A LogRecord. What the sender left out has protobuf's default: '', 0, 0n, null. */
export interface DecodedLogRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly flags: number;
  /** 32 hexadecimal digits or ''. */
  readonly traceId: string;
  /** 16 hexadecimal digits or ''. */
  readonly spanId: string;
  readonly eventName: string;
  /** The LogRecord as it was sent: protobuf without tag and length, or its JSON text. */
  readonly bytes: Uint8Array;
}

export interface DecodedResource {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  /** Names of attributes whose text was not valid UTF-8. */
  readonly invalidUtf8: readonly string[];
  /** The Resource as it was sent. */
  readonly bytes: Uint8Array;
}

export interface DecodedScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

/** Values nested deeper than this are refused: a few bytes a level must not exhaust the stack. */
export const maxDepth = 200;

/** The records that were sent under one resource and one scope. */
export interface DecodedLogs {
  readonly resource: DecodedResource;
  readonly scope: DecodedScope;
  readonly records: readonly DecodedLogRecord[];
}

/** Sets a key of an object that was just made, `__proto__` included. */
export function setKey<Value>(target: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') target[key] = value;
  else
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
