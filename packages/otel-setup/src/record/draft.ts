// Hot path: runs on the caller's thread for every record.
// Gathers a record's body, attributes and exception from winston's info.

import { addException } from './add-exception.ts';
import { addGiven, messageOf, unspreadOf } from './add-given.ts';
import type { AttributeName, AttributeNames, SentKey } from './attribute-name.ts';
import { causeOf, isError, isErrorLike, isStack } from './error-facts.ts';
import { givenSymbol, type Info } from './info.ts';
import type { AnyValue, SpanIds } from './log-record.ts';
import { isOwnId } from './own-ids.ts';
import { errorOf, withoutArgv, withoutArgvIn } from './record-error.ts';
import type { Redactor } from './redaction/redactor.ts';
import { Rendering } from './render-value.ts';
import { hasField, readField, readText } from './unreadable.ts';

/** Loki takes about a hundred; a Buffer in the place of the fields has one for each byte. */
const maxFields = 1_000;

const isOwn = Object.prototype.hasOwnProperty;

/** Made so far. */
let drafts = 0;

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
  /** Fields beyond those that are looked at. */
  unread = 0;
  /** What exception.* tells. */
  error: Error | undefined;
  /** The field it stands in, if it does. */
  errorKey: string | undefined;
  /** The cause of an Error that winston has copied into a plain object, as a child logger does. */
  copiedCause: Error | undefined;
  hasStack = false;

  readonly #names: AttributeNames;
  readonly #info: Info;
  readonly #span: SpanIds | undefined;
  readonly #redactor: Redactor | undefined;
  readonly #given: readonly unknown[] | undefined;
  #previous: AttributeName | undefined;
  readonly #number: number;

  constructor(
    info: Info,
    span: SpanIds | undefined,
    names: AttributeNames,
    redactor: Redactor | undefined,
  ) {
    drafts++;
    this.#number = drafts;
    this.#info = info;
    this.#span = span;
    this.#names = names;
    this.#redactor = redactor;
    this.#given = info[givenSymbol];
    this.error = errorOf(info, this.#given);
    const message = this.#given === undefined ? info.message : messageOf(info, this.#given);
    const body = typeof message === 'string' ? message : this.#bodyOf(message);
    this.body = redactor === undefined ? body : redactor.body(body);
  }

  #bodyOf(message: unknown): AnyValue {
    const { error } = this;
    // A console's format is given a copy of an Error, without its message.
    if (error !== undefined && (message === error || message === undefined)) {
      return readText(error, 'message');
    }
    if (message === undefined || message === null) {
      // A line without a text could not be found; winston's own formats print these words, too.
      return Object.hasOwn(this.#info, 'message') ? String(message) : undefined;
    }
    return this.render(message);
  }

  render(value: unknown): AnyValue {
    this.rendering ??= new Rendering(this.#redactor);
    this.rendering.told = this.error;
    this.suspicious = true;
    return this.rendering.render(value);
  }

  /** For a value that becomes a part of a text. */
  renderClean(value: unknown): AnyValue {
    const rendered = this.render(value);
    return this.#redactor === undefined ? rendered : this.#redactor.value(rendered, undefined);
  }

  /** The arguments behind a text. */
  putSplat(text: unknown, [first, ...more]: readonly unknown[]): void {
    this.putAny('winston.splat', [this.#redactor?.behind(text, first) ?? first, ...more]);
  }

  addFields(): void {
    const info = this.#info;
    const unspread = unspreadOf(this.#given);
    // Twice as quick as Object.keys: V8 then reads the fields by their place. Of the two ways to ask for an own field it
    // knows this one within such a loop, and spares the question (0.15 us a record, measured).
    for (const key in info) {
      if (key === 'level' || key === 'message' || !isOwn.call(info, key)) {
        continue;
      }
      if (unspread !== undefined && hasField(unspread, key)) {
        continue;
      }
      if (this.keys.length >= maxFields) {
        this.unread = Object.keys(info).length - maxFields;
        break;
      }
      this.#addField(key, readField(info, key));
    }
    if (this.error !== undefined || this.hasStack) {
      addException(this, info);
    }
    if (this.#given !== undefined) {
      addGiven(this, info, this.#given);
    }
  }

  #addField(key: string, value: unknown): void {
    if (key === 'stack') {
      this.hasStack = true;
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
        this.#addObject(key, key === 'meta' ? withoutArgvIn(value) : value);
    }
  }

  /** One attribute of any type, none of them taken for the record's exception. */
  putAny(key: string, value: unknown): void {
    const simple =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    this.put(key, simple ? value : this.render(value));
  }

  #addObject(key: string, value: unknown): void {
    if (value === this.error && this.errorKey === undefined) {
      return;
    }
    if (key === 'cause' && isError(value) && this.#isCopied(value)) {
      this.copiedCause = value;
      return;
    }
    if (this.error === undefined && isErrorLike(value)) {
      this.error = value;
      this.errorKey = key;
      return;
    }
    if (key === 'process' && this.#info.exception === true) {
      // winston's exception record: a command line holds secrets more often than help.
      this.put(key, this.render(withoutArgv(value)));
      return;
    }
    this.put(key, this.render(value));
  }

  /** Out of an Error that the record is about: winston copies a cause as it copies a stack. */
  #isCopied(cause: Error): boolean {
    const { error, errorKey } = this;
    const isOfError = error !== undefined && errorKey === undefined && causeOf(error) === cause;
    return isOfError || isStack(readField(this.#info, 'stack'));
  }

  put(key: string, logged: AnyValue): void {
    if (logged === undefined) {
      return;
    }
    const name = this.#names(key, this.#previous);
    this.#previous = name;
    const redactor = this.#redactor;
    const value = redactor === undefined ? logged : redactor.named(logged, name);
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
    if (name.meaning === 'event' && typeof value === 'string' && !this.eventName) {
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
    const { reserved, shown } = name;
    if (reserved || shown === undefined || shown.draft === this.#number) {
      this.suspicious = true;
    } else {
      shown.draft = this.#number;
    }
    this.#add(name, value);
  }

  /** Whether another record was made while this one was: a getter that logs. It may have met the same names. */
  get isInterrupted(): boolean {
    return this.#number !== drafts;
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
}
