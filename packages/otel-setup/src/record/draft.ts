// Hot path: runs on the caller's thread for every record.
// Gathers a record's body, attributes and exception from winston's info.

import type { AttributeName, AttributeNames, SentKey } from './attribute-name.ts';
import {
  type ExceptionAttributes,
  errorOf,
  exceptionOf,
  exceptionOfStack,
  extraFields,
  isError,
  isStack,
} from './exception.ts';
import type { Info } from './info.ts';
import type { AnyValue, SpanIds } from './log-record.ts';
import { isOwnId } from './own-ids.ts';
import type { Redactor } from './redaction/redactor.ts';
import { Rendering, readField } from './render-value.ts';

export class Draft {
  readonly keys: SentKey[] = [];
  readonly values: AnyValue[] = [];
  readonly body: AnyValue;
  eventName: string | undefined;
  /** UTF-16 units of the texts. */
  chars = 0;
  /** Some value went through rendering, or some name may meet another: look at the limits closely. */
  suspicious = false;
  /** An attribute would be taken for the level. */
  shadowsLevel = false;
  rendering: Rendering | undefined;

  readonly #names: AttributeNames;
  readonly #info: Info;
  readonly #span: SpanIds | undefined;
  readonly #redactor: Redactor | undefined;
  readonly #error: Error | undefined;
  #errorKey: string | undefined;
  #hasStack = false;
  #previous: AttributeName | undefined;
  /** The cause of an Error that winston has copied into a plain object, as a child logger does. */
  #copiedCause: Error | undefined;
  #shown: string[] | undefined;

  constructor(
    info: Info,
    span: SpanIds | undefined,
    names: AttributeNames,
    redactor: Redactor | undefined,
  ) {
    this.#info = info;
    this.#span = span;
    this.#names = names;
    this.#redactor = redactor;
    this.#error = errorOf(info);
    const message = info.message;
    const body = typeof message === 'string' ? message : this.#bodyOf(message);
    this.body = redactor === undefined ? body : redactor.body(body);
  }

  #bodyOf(message: unknown): AnyValue {
    return isError(message) ? exceptionOf(message).message : this.#render(message);
  }

  #render(value: unknown): AnyValue {
    this.rendering ??= new Rendering(this.#redactor);
    this.suspicious = true;
    return this.rendering.render(value);
  }

  addFields(): void {
    const info = this.#info;
    // Twice as quick as Object.keys: V8 then reads the fields by their place.
    for (const key in info) {
      if (key === 'level' || key === 'message' || !Object.hasOwn(info, key)) {
        continue;
      }
      this.#addField(key, readField(info, key));
    }
    if (this.#error !== undefined || this.#errorKey !== undefined || this.#hasStack) {
      this.#addException();
    }
  }

  #addField(key: string, value: unknown): void {
    if (key === 'stack') {
      this.#hasStack = true;
    }
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'boolean':
        this.put(key, value);
        break;
      case 'undefined':
        break;
      default:
        this.#addObject(key, value);
    }
  }

  /** One attribute of any type, none of them taken for the record's exception. */
  putAny(key: string, value: unknown): void {
    const simple =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    this.put(key, simple ? value : this.#render(value));
  }

  #addObject(key: string, value: unknown): void {
    if (value === this.#error) {
      return;
    }
    if (key === 'cause' && isError(value) && isStack(readField(this.#info, 'stack'))) {
      this.#copiedCause = value;
      return;
    }
    if (isError(value) && this.#error === undefined && this.#errorKey === undefined) {
      this.#errorKey = key;
      return;
    }
    if (key === 'process' && this.#info.exception === true) {
      // winston's exception record: a command line holds secrets more often than help.
      const { argv: _argv, ...rest } = value as { argv?: unknown };
      this.put(key, this.#render(rest));
      return;
    }
    this.put(key, this.#render(value));
  }

  put(key: string, logged: AnyValue): void {
    if (logged === undefined) {
      return;
    }
    const name = this.#names(key, this.#previous);
    this.#previous = name;
    const redactor = this.#redactor;
    const value = redactor === undefined ? logged : redactor.value(logged, name.place);
    if (typeof value === 'string') {
      this.chars += value.length;
    }
    if (name.plain && name.meaning === undefined) {
      this.#add(name, value);
      return;
    }
    this.#putNamed(name, value);
  }

  #putNamed(name: AttributeName, value: AnyValue): void {
    if (name.meaning === 'event' && typeof value === 'string') {
      this.eventName = value;
      return;
    }
    if (name.meaning === 'record') {
      if (!isOwnId(name.key, value, this.#span)) {
        this.#rename(name.key, `meta.${name.key}`);
        this.putAs(`meta.${name.key}`, value);
      }
      return;
    }
    if (name.meaning === 'level') {
      this.shadowsLevel = true;
    }
    if (name.renamed) {
      this.#rename(name.given, name.key);
    }
    this.#shown ??= [];
    if (name.reserved || this.#shown.includes(name.shown)) {
      this.suspicious = true;
    }
    this.#shown.push(name.shown);
    this.#add(name, value);
  }

  #rename(from: string, to: string): void {
    this.rendering ??= new Rendering(this.#redactor);
    this.rendering.renamed.push(`${from} -> ${to}`);
    this.suspicious = true;
  }

  /** Under exactly this key. */
  putAs(key: string, value: AnyValue): void {
    this.#add({ key, encoded: undefined }, value);
  }

  #add(key: SentKey, value: AnyValue): void {
    this.keys.push(key);
    this.values.push(value);
  }

  #indexOf(key: string): number {
    return this.keys.findIndex((sent) => sent.key === key);
  }

  #remove(key: string): void {
    const index = this.#indexOf(key);
    if (index >= 0) {
      this.keys.splice(index, 1);
      this.values.splice(index, 1);
    }
  }

  #addException(): void {
    const info = this.#info;
    const key = this.#errorKey;
    const error = key === undefined ? this.#error : readField(info, key);
    if (isError(error)) {
      this.#putException(exceptionOf(error));
      this.#putErrorFields(error, key);
      if (key !== undefined && this.#copiedCause !== undefined) {
        this.put('cause', this.#render(this.#copiedCause));
      }
      return;
    }
    const stack = this.values[this.#indexOf('stack')];
    if (isStack(stack)) {
      const message = typeof this.body === 'string' ? this.body : '';
      this.#putException(exceptionOfStack(stack, message, this.#copiedCause));
    }
  }

  #putException(exception: ExceptionAttributes): void {
    // The stack is in exception.stacktrace; a second copy would be billed.
    this.#remove('stack');
    if (this.#error !== undefined) {
      this.#remove('cause');
    }
    this.put('exception.type', exception.type);
    this.put('exception.message', exception.message);
    this.put('exception.stacktrace', exception.stacktrace);
  }

  /** The Error's own fields: under the key it stood at, else beside the others. */
  #putErrorFields(error: Error, key: string | undefined): void {
    if ((this.#info as unknown) === error) {
      return;
    }
    const fields = extraFields(error);
    if (key !== undefined) {
      const has = Object.keys(fields).length > 0;
      this.put(key, has ? this.#render(fields) : exceptionOf(error).message);
      return;
    }
    for (const [name, value] of Object.entries(fields)) {
      if (this.#indexOf(name) < 0) {
        this.put(name, this.#render(value));
      }
    }
  }
}
