// Hot path: runs on the caller's thread for every attribute.
// A rendered value without its secrets: by what its keys say, by what stands beside it, by its texts.

import type { AnyValue } from '../log-record.ts';
import { isBasicCredentials } from './basic-credentials.ts';
import { isFolder, isHarmless } from './harmless.ts';
import { KeyKinds } from './key-kinds.ts';
import { PathNode, parsePath } from './paths.ts';
import { isCardNumber } from './presets.ts';
import type { RedactionOptions } from './redaction-options.ts';
import type { Count } from './scan-text.ts';
import { type KeyKind, valueKeys } from './secret-key.ts';
import { TextRedactor } from './text-redactor.ts';

/** What its key says about a value, where it says anything. */
export interface Place {
  readonly kind: KeyKind;
  readonly paths: readonly PathNode[];
}

type ValueMap = { readonly [key: string]: AnyValue };

/** Of entries that name another key: `{ name: 'Authorization', value: 'x' }`, `{ Name: 'DB_PASSWORD', Value: 'x' }`. */
const namingKeys = ['name', 'key', 'header', 'field', 'Name', 'Key', 'Header', 'Field'];
const noPaths: readonly PathNode[] = [];

export class ValueRedactor {
  readonly keys: KeyKinds;
  readonly texts: TextRedactor;
  readonly #censor: string;
  readonly #count: Count;
  readonly #hasCards: boolean;
  /** Of the application's own paths. */
  readonly #roots: readonly PathNode[];

  constructor(options: RedactionOptions, count: Count) {
    this.#censor = options.censor ?? '[redacted]';
    this.#count = count;
    this.keys = new KeyKinds(options.keys ?? [], options.allowKeys ?? []);
    const isSecretKey = (key: string) => this.keys.isSecret(key);
    this.texts = new TextRedactor(options, this.#censor, isSecretKey, count);
    this.#hasCards = options.presets?.includes('cards') === true;
    const root = new PathNode();
    for (const path of options.paths ?? []) {
      root.add(parsePath(path) ?? [path]);
    }
    this.#roots = options.paths?.length ? [root] : noPaths;
  }

  /** The place of an attribute. */
  placeOf(key: string): Place | undefined {
    return this.#step(this.#roots, key);
  }

  /** A rendered value without its secrets: the same one where it has none. */
  value(value: AnyValue, place: Place | undefined): AnyValue {
    const kind = place?.kind;
    if (kind === 'own' || place?.paths.some((node) => node.isEnd)) {
      return this.#replaced(value, kind === 'own' ? 'own_key' : 'path');
    }
    switch (typeof value) {
      case 'string':
        return this.#text(value, kind);
      case 'number':
        return this.#number(value);
      case 'object':
        return value === null ? value : this.#object(value, place);
      default:
        return value;
    }
  }

  #object(value: AnyValue & object, place: Place | undefined): AnyValue {
    if (value instanceof Uint8Array) {
      return isSecret(place?.kind) ? this.#replaced(value, 'secret_key') : this.#bytes(value);
    }
    return Array.isArray(value)
      ? this.#list(value as readonly AnyValue[], place)
      : this.#map(value as ValueMap, place);
  }

  #map(map: ValueMap, place: Place | undefined): AnyValue {
    const hasSecret = isSecret(place?.kind) || this.#namesSecret(map);
    const isLogin = isRedisLogin(map);
    let copy: { [key: string]: AnyValue } | undefined;
    for (const key of Object.keys(map)) {
      const isSecretHere =
        place?.kind === 'container' ||
        (hasSecret && valueKeys.has(key.toLowerCase())) ||
        (isLogin && key === 'args');
      const own = this.#step(place?.paths ?? noPaths, key);
      const value = this.value(map[key], isSecretHere ? asSecret(own) : own);
      if (value !== map[key]) {
        copy ??= { ...map };
        copy[key] = value;
      }
    }
    return copy === undefined ? map : this.#withoutAwsSecrets(map, copy);
  }

  /** Beside an access key id: `{ id: 'AKIA...', k: 'x' }`. */
  #withoutAwsSecrets<T extends object>(found: T, clean: T): T {
    const before = Object.entries(found);
    if (before.some(([, value]) => isAwsId(value))) {
      for (const [key, value] of before) {
        if (isAwsSecret(value) && Reflect.get(clean, key) === value) {
          Reflect.set(clean, key, this.#replaced(value, 'aws_key'));
        }
      }
    }
    return clean;
  }

  #namesSecret(map: ValueMap): boolean {
    return namingKeys.some((key) => {
      const name = Object.hasOwn(map, key) ? map[key] : undefined;
      return typeof name === 'string' && this.keys.isSecret(name);
    });
  }

  #list(list: readonly AnyValue[], place: Place | undefined): AnyValue {
    let copy: AnyValue[] | undefined;
    for (const [i, item] of list.entries()) {
      const value = this.value(item, this.#itemPlace(list, i, place));
      if (value !== item) {
        copy ??= [...list];
        copy[i] = value;
      }
    }
    return copy === undefined ? list : this.#withoutAwsSecrets(list, copy);
  }

  #itemPlace(list: readonly AnyValue[], i: number, place: Place | undefined): Place | undefined {
    const own = place === undefined ? undefined : this.#step(place.paths, String(i));
    if (isSecret(place?.kind)) {
      return { kind: place?.kind ?? 'secret', paths: own?.paths ?? noPaths };
    }
    if (this.#introduces(list[i - 1], place?.kind === 'headers' && i % 2 === 1)) {
      return asSecret(own);
    }
    const item = list[i];
    // [['Authorization', 'x']]: the entries of headers.
    return Array.isArray(item) && item.length === 2
      ? { kind: 'headers', paths: own?.paths ?? noPaths }
      : own;
  }

  /** `['--token', 'x']`, and among headers `['Authorization', 'x']`. */
  #introduces(name: AnyValue, isHeader: boolean): boolean {
    return (
      typeof name === 'string' &&
      (isHeader || /^--?[A-Za-z]/.test(name)) &&
      this.keys.isSecret(name)
    );
  }

  #text(text: string, kind: KeyKind | undefined): string {
    if (kind === 'auth' && isBasicCredentials(text)) {
      return this.#replaced(text, 'authorization');
    }
    return isSecret(kind) ? this.#secret(text, kind) : this.texts.clean(text);
  }

  #secret(text: string, kind: KeyKind | undefined): string {
    const isKept = text === this.#censor || isHarmless(text) || (kind === 'pwd' && isFolder(text));
    return isKept ? text : this.#replaced(text, 'secret_key');
  }

  #replaced(value: AnyValue, rule: string): string {
    if (value !== this.#censor) {
      this.#count(rule);
    }
    return this.#censor;
  }

  #number(value: number): AnyValue {
    const isCard = this.#hasCards && value > 1e12 && isCardNumber(String(value));
    return isCard ? this.#replaced(value, 'card') : value;
  }

  /** Bytes may be a text: each character of Latin-1 is one of them. */
  #bytes(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const clean = this.texts.clean(text);
    return clean === text ? bytes : Buffer.from(clean, 'latin1');
  }

  #step(paths: readonly PathNode[], key: string): Place | undefined {
    const kind = this.keys.of(key);
    const next = paths.length === 0 ? noPaths : paths.flatMap((node) => node.step(key));
    return kind === 'none' && next.length === 0 ? undefined : { kind, paths: next };
  }
}

/** The command that ioredis hangs on an Error: `{ name: 'auth', args: [user, password] }`. */
function isRedisLogin({ name, args }: ValueMap): boolean {
  return typeof name === 'string' && /^auth$/i.test(name) && Array.isArray(args);
}

function isSecret(kind: KeyKind | undefined): boolean {
  return kind === 'secret' || kind === 'container' || kind === 'pwd';
}

function isAwsId(value: AnyValue): boolean {
  return typeof value === 'string' && /\bA[KS]IA[A-Z0-9]{16}\b/.test(value);
}

/** Forty characters of base64, as mixed as chance makes them. */
function isAwsSecret(value: AnyValue): boolean {
  return (
    typeof value === 'string' &&
    value.length === 40 &&
    /^[A-Za-z0-9/+]*$/.test(value) &&
    [/[A-Z]/, /[a-z]/, /[0-9]/].every((kind) => kind.test(value))
  );
}

function asSecret(place: Place | undefined): Place {
  const isOwn = place?.kind === 'own';
  return { kind: isOwn ? 'own' : 'secret', paths: place?.paths ?? noPaths };
}
