// Any JavaScript value -> a value OTLP can carry. Each kind has one rendering; nothing throws.

import { usableKey } from './attribute-name.ts';
import type { AnyValue } from './log-record.ts';
import type { Redactor } from './redaction/redactor.ts';

const maxDepth = 8;
const maxNodes = 1_000;

/** One record's rendering: what was visited, and what had to be left out. */
export class Rendering {
  #nodes = 0;
  readonly #open: object[] = [];
  /** Values that were left out because the record was too deep or too wide. */
  cut = 0;
  /** Keys that had to be renamed, each as `old -> new`. */
  readonly renamed: string[] = [];
  readonly #redactor: Redactor | undefined;

  constructor(redactor?: Redactor) {
    this.#redactor = redactor;
  }

  render(value: unknown): AnyValue {
    try {
      return this.#any(value);
    } catch (error) {
      return `[unreadable: ${errorText(error)}]`;
    }
  }

  #any(value: unknown): AnyValue {
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'number':
      case 'undefined':
        return value;
      case 'bigint':
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
          ? Number(value)
          : value.toString();
      case 'symbol':
        return value.toString();
      case 'function':
        return `[Function ${value.name || 'anonymous'}]`;
      default:
        return value === null ? null : this.#object(value as object);
    }
  }

  #object(value: object): AnyValue {
    if (++this.#nodes > maxNodes) {
      this.cut++;
      return '[cut: too many values]';
    }
    if (this.#open.includes(value)) {
      return '[Circular]';
    }
    if (this.#open.length >= maxDepth) {
      this.cut++;
      return Array.isArray(value) ? '[cut: Array]' : '[cut: Object]';
    }
    this.#open.push(value);
    try {
      return this.#known(value);
    } finally {
      this.#open.pop();
    }
  }

  #known(value: object): AnyValue {
    if (Array.isArray(value)) {
      return this.#items(value, value.length);
    }
    if (value instanceof Error) {
      return this.#error(value);
    }
    const simple = scalar(value);
    if (simple !== undefined) {
      return simple;
    }
    if (value instanceof Set) {
      return this.#items(value.values(), value.size);
    }
    if (value instanceof Map) {
      return this.#fields(value.entries());
    }
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const numbers = value as unknown as ArrayLike<number | bigint> & Iterable<number | bigint>;
      return this.#items(numbers, numbers.length);
    }
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (typeof toJson === 'function') {
      return this.#any(toJson.call(value, ''));
    }
    return this.#fields(ownEntries(value));
  }

  #error(error: Error): AnyValue {
    const { name, message, stack, cause } = error;
    const fields: [string, unknown][] = [
      ['type', error.constructor?.name || name],
      ['message', message],
      ['stacktrace', stack],
    ];
    if (cause !== undefined) {
      fields.push(['cause', cause]);
    }
    if (error instanceof AggregateError) {
      fields.push(['errors', error.errors]);
    }
    return this.#fields([...fields, ...ownEntries(error)]);
  }

  #items(items: Iterable<unknown>, length: number): AnyValue[] {
    const rendered: AnyValue[] = [];
    for (const item of items) {
      if (rendered.length >= maxNodes) {
        this.cut++;
        rendered.push(`[cut: ${length - rendered.length} more]`);
        break;
      }
      // An array keeps its holes' places; OTLP has no undefined.
      rendered.push(this.render(item) ?? null);
    }
    return rendered;
  }

  #fields(entries: Iterable<readonly [unknown, unknown]>): AnyValue {
    const fields: { [key: string]: AnyValue } = {};
    let count = 0;
    for (const [key, field] of entries) {
      if (++count > maxNodes) {
        this.cut++;
        break;
      }
      const name = String(key);
      const rendered = this.render(field);
      if (rendered !== undefined) {
        fields[this.key(name)] = rendered;
      }
    }
    return fields;
  }

  key(name: string): string {
    const clean = this.#redactor?.key(name) ?? name;
    const key = usableKey(clean);
    if (key !== clean) {
      this.renamed.push(`${clean} -> ${key}`);
    }
    return key;
  }
}

/** Objects that stand for one value. */
function scalar(value: object): AnyValue {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return value;
  }
  if (value instanceof RegExp || value instanceof URL) {
    return String(value);
  }
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return value.valueOf() as string | number | boolean;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
    return `[${value.constructor.name}]`;
  }
  return undefined;
}

/** Own enumerable fields; one that throws when read says so in its place. */
function* ownEntries(value: object): Generator<[string, unknown]> {
  for (const key of Object.keys(value)) {
    try {
      yield [key, (value as Record<string, unknown>)[key]];
    } catch (error) {
      yield [key, `[unreadable: ${errorText(error)}]`];
    }
  }
}

export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    // An error that cannot be turned into text has nothing to tell.
    return 'unknown';
  }
}

/** A getter may throw; the text that says so then stands for the value. */
export function readField(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[unreadable: ${errorText(error)}]`;
  }
}
