// Hot path: runs on the caller's thread for every attribute.
// What of a record must not leave the process; remembers what held no secret.

import type { AnyValue } from '../log-record.ts';
import { attributeRoom, bodyRoom, type Room, readEnds } from './read-ends.ts';
import type { RedactionOptions } from './redaction-options.ts';
import type { Count } from './scan-text.ts';
import { type Place, ValueRedactor } from './value-redactor.ts';

export type { Place };

/** A key that remembers. */
interface Named {
  readonly place: Place | undefined;
  clean: string | undefined;
}

/** UTF-16 units of a text that is remembered as clean. */
const maxRemembered = 256;
const bodySlots = 64;

/** Undefined where redaction is off, so that it costs nothing then. */
export function createRedactor(
  options: RedactionOptions | false,
  count: Count,
): Redactor | undefined {
  return options === false ? undefined : new Redactor(options, count);
}

export class Redactor {
  readonly #values: ValueRedactor;
  readonly #bodyPlace: Place | undefined;
  readonly #cleanBodies: (string | undefined)[] = new Array(bodySlots).fill(undefined);
  readonly #cleanText = (text: string): string => this.#values.texts.clean(text);

  /** @param count is told the rule of each secret that was replaced */
  constructor(options: RedactionOptions, count: Count) {
    this.#values = new ValueRedactor(options, count);
    this.#bodyPlace = this.#values.placeOf('message');
  }

  /** A text that stands under no key. */
  text(text: string): string {
    return this.#values.texts.clean(text);
  }

  /** A key: a Map may have anything for one. */
  key(key: string): string {
    return this.#values.keys.has(key) ? key : this.#values.texts.clean(key);
  }

  /** The text of a record, or whatever was logged in its place. */
  body(value: AnyValue): AnyValue {
    if (typeof value !== 'string') {
      return this.value(value, this.#bodyPlace);
    }
    if (value.length > maxRemembered) {
      return this.#long(value, this.#bodyPlace, bodyRoom);
    }
    // A program has few texts, and says them again and again: reading one costs ten times as much as knowing it.
    const slot = value.length % bodySlots;
    if (this.#cleanBodies[slot] === value) {
      return value;
    }
    const clean = this.value(value, this.#bodyPlace);
    if (clean === value) {
      this.#cleanBodies[slot] = value;
    }
    return clean;
  }

  /** An attribute. Methods, routes and regions repeat under their name: what was clean there is not read again. */
  named(value: AnyValue, name: Named): AnyValue {
    if (typeof value !== 'string') {
      return typeof value === 'boolean' && name.place === undefined
        ? value
        : this.value(value, name.place);
    }
    if (value === name.clean) {
      return value;
    }
    if (value.length > maxRemembered) {
      return this.#long(value, name.place, attributeRoom);
    }
    const clean = this.value(value, name.place);
    if (clean === value) {
      name.clean = value;
    }
    return clean;
  }

  /** The place of an attribute. */
  placeOf(key: string): Place | undefined {
    return this.#values.placeOf(key);
  }

  /** A rendered value without its secrets: the same one where it has none. */
  value(value: AnyValue, place: Place | undefined): AnyValue {
    return this.#values.value(value, place);
  }

  /** What follows a text in its call: `('password:', x)`. */
  behind(text: unknown, value: unknown): unknown {
    const end = typeof text === 'string' && typeof value === 'string' ? text.slice(-82) : '';
    const key = /([\w.$-]{1,80})["']?\s{0,2}[:=]\s{0,2}$/.exec(end)?.[1];
    return key !== undefined && this.#values.keys.isSecret(key)
      ? this.#values.value(value as string, { kind: 'secret', paths: [] })
      : value;
  }

  #long(text: string, place: Place | undefined, room: Room): AnyValue {
    return place === undefined
      ? readEnds(text, room, this.#cleanText)
      : this.#values.value(text, place);
  }
}
