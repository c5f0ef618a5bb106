// Any JavaScript value -> a value OTLP can carry. Each kind has one rendering (docs/values.md); nothing throws, and
// what is visited is bounded whatever the value is.

import { types } from 'node:util';
import { usableKey } from './attribute-name.ts';
import { haveNames, mapEntries, setItems } from './collection-items.ts';
import { causeOf, errorEntries, extraFields, isErrorCopy, isErrorLike } from './error-facts.ts';
import { type Fields, FreeKeys } from './free-keys.ts';
import { formOf } from './host-object.ts';
import type { AnyValue } from './log-record.ts';
import type { Redactor } from './redaction/redactor.ts';
import { scalarOf } from './scalar-object.ts';
import { TextBudget } from './text-budget.ts';
import { toldJson } from './told-json.ts';
import { readText, unreadable } from './unreadable.ts';

const maxDepth = 8;
/** In one record. More than Loki takes by far. */
const maxValues = 10_000;

/** One record's rendering: what was visited, and what had to be left out. */
export class Rendering {
  #values = 0;
  readonly #texts = new TextBudget();
  #depth = 0;
  readonly #open: object[] = [];
  #freeKeys: FreeKeys | undefined;
  /** Values that were left out because the record was too deep or too wide. */
  cut = 0;
  /** Keys that had to be renamed, each as `old -> new`. */
  readonly renamed: string[] = [];
  /** The Error that exception.* tells: wherever else it stands, only its own fields are shown, else its message. */
  told: Error | undefined;

  readonly #redactor: Redactor | undefined;

  constructor(redactor?: Redactor) {
    this.#redactor = redactor;
  }

  readonly #allow = (bytes: number): number => {
    const allowed = this.#texts.allow(bytes);
    this.cut += allowed < bytes ? 1 : 0;
    return allowed;
  };

  render(value: unknown): AnyValue {
    try {
      return this.#any(value);
    } catch (error) {
      return unreadable(error);
    }
  }

  #any(value: unknown): AnyValue {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        // Within a list or an object Loki makes JSON of it, and JSON has no such number: all would be lost.
        return this.#open.length > 0 && !Number.isFinite(value) ? String(value) : value;
      case 'boolean':
      case 'undefined':
        return value;
      case 'bigint':
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
          ? Number(value)
          : this.#text(value.toString());
      case 'symbol':
        return this.#text(value.toString());
      case 'function':
        return `[Function ${readText(value, 'name').slice(0, 100) || 'anonymous'}]`;
      default:
        return value === null ? null : this.#object(value as object);
    }
  }

  #text(value: string): string {
    if (this.#texts.fits(value)) {
      return value;
    }
    this.cut++;
    return this.#texts.shorten(value, this.#redactor);
  }

  #object(value: object): AnyValue {
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === Object.prototype || prototype === null;
    const scalar = isPlain ? undefined : this.#scalar(value);
    if (scalar !== undefined) {
      return scalar;
    }
    if (this.#open.includes(value)) {
      return '[Circular]';
    }
    if (this.#depth >= maxDepth) {
      this.cut++;
      return Array.isArray(value) ? '[cut: Array]' : '[cut: Object]';
    }
    this.#open.push(value);
    this.#depth++;
    try {
      const isError = isPlain ? isErrorCopy(value) : isErrorLike(value);
      return isError ? this.#error(value as Error) : this.#told(value, isPlain);
    } finally {
      this.#depth--;
      this.#open.pop();
    }
  }

  #scalar(value: object): AnyValue {
    const scalar = scalarOf(value, this.#allow);
    return scalar instanceof Uint8Array ? scalar : this.#any(scalar);
  }

  /** As its `toJSON` tells it, like JSON: what that gives is not asked again. */
  #told(value: object, isPlain: boolean): AnyValue {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== 'function') {
      return this.#contents(value, isPlain);
    }
    const json = toldJson(value, toJSON as (key: string) => unknown);
    if (typeof json !== 'object' || json === null) {
      return this.#any(json);
    }
    if (json !== value && this.#open.includes(json)) {
      return '[Circular]';
    }
    this.#open.push(json);
    try {
      const scalar = this.#scalar(json);
      return scalar ?? (isErrorLike(json) ? this.#error(json) : this.#contents(json, false));
    } finally {
      this.#open.pop();
    }
  }

  #contents(value: object, isPlain: boolean): AnyValue {
    if (isPlain) {
      return this.#fields(value);
    }
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      return this.#list(value as ArrayLike<unknown> & object);
    }
    if (types.isSet(value)) {
      return this.#list(setItems(value, maxValues + 1));
    }
    if (types.isMap(value)) {
      return this.#map(value);
    }
    const form = formOf(value);
    return typeof form === 'object' && form !== null ? this.#fields(form) : this.#any(form);
  }

  #error(error: Error): AnyValue {
    if (error !== this.told) {
      return this.#entries(errorEntries(error));
    }
    const extra = Object.entries(extraFields(error));
    const cause = causeOf(error);
    if (cause !== undefined && !isErrorLike(cause)) {
      extra.push(['cause', cause]);
    }
    return extra.length > 0 ? this.#entries(extra) : this.#text(readText(error, 'message'));
  }

  /** A value more? Says so where there are too many. */
  #isFull(): boolean {
    if (this.#values < maxValues) {
      this.#values++;
      return false;
    }
    this.cut++;
    return true;
  }

  /** Any array, holes and Proxies included. An array keeps its holes' places; OTLP has no undefined. */
  #list(list: ArrayLike<unknown> & object): AnyValue[] {
    const rendered: AnyValue[] = [];
    const { length } = list;
    for (let i = 0; i < length; i++) {
      if (this.#isFull()) {
        rendered.push(`[cut: ${length - i} more]`);
        break;
      }
      rendered.push(this.#field(list, i) ?? null);
    }
    return rendered;
  }

  /** A key that is an object has no name: then all entries are pairs. */
  #map(map: Map<unknown, unknown>): AnyValue {
    const entries = mapEntries(map, maxValues + 1);
    return haveNames(entries)
      ? this.#entries(entries.map(([key, value]) => [String(key), value]))
      : this.#list(entries);
  }

  #fields(value: object): AnyValue {
    const fields: Fields = {};
    for (const key of Object.keys(value)) {
      if (this.#isFull()) {
        break;
      }
      this.#add(fields, key, this.#field(value, key));
    }
    return fields;
  }

  #entries(entries: readonly (readonly [string, unknown])[]): AnyValue {
    const fields: Fields = {};
    for (const [key, value] of entries) {
      if (this.#isFull()) {
        break;
      }
      this.#add(fields, key, this.render(value));
    }
    return fields;
  }

  #field(value: object, key: string | number): AnyValue {
    try {
      return this.#any((value as Record<string | number, unknown>)[key]);
    } catch (error) {
      return unreadable(error);
    }
  }

  /** Two keys may become one by renaming; the later one then gets a number. */
  #add(fields: Fields, name: string, value: AnyValue): void {
    if (value === undefined) {
      return;
    }
    const clean = this.#redactor?.key(name) ?? name;
    let key = usableKey(clean);
    if (Object.hasOwn(fields, key)) {
      this.#freeKeys ??= new FreeKeys();
      key = this.#freeKeys.like(key, fields);
    }
    if (key !== clean) {
      this.renamed.push(`${clean} -> ${key}`);
    }
    fields[key] = value;
  }
}
