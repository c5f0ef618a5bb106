// Hot path: runs on the caller's thread for every text.
// Finds secrets inside a text, in one pass from left to right, and puts the mark in their place.

import { Assignments } from './assignments.ts';
import { awsSecretKey, privateKey, type Shape, shapes, urlCredentials } from './shapes.ts';

/** The shortest secret that is looked for: `pwd=abcd`, `a://b:c@d`. */
const minLength = 8;

/** Behind so many secrets the rest of a text goes as one: nobody reads it, and each costs time. */
const maxSecrets = 1_000;

export type Count = (rule: string) => void;

interface Compiled {
  readonly shape: Shape;
  readonly start: string;
  readonly pattern: RegExp;
}

/** Keeps its place in the text in fields: a text without a secret costs no object. */
export class TextScanner {
  readonly #censor: string;
  readonly #count: Count;
  readonly #assignments: Assignments;
  /** Whether anything in a text may be the beginning of a secret. */
  readonly #suspect = new RegExp(`[:=>]|--|${startsBySign()}`);
  readonly #start: RegExp;
  readonly #byEnd = compile();
  readonly #url = new RegExp(urlCredentials, 'y');
  readonly #privateKey = new RegExp(privateKey, 'y');
  readonly #anyShape = new RegExp(shapes.map(({ pattern }) => pattern).join('|'));
  /** Where the secret begins and ends that was found last. */
  #from = 0;
  #to = 0;
  #rule = '';
  /** Before this place no JWT begins: a long run of its characters is looked at once. */
  #noJwtBefore = 0;

  constructor(censor: string, isSecretKey: (key: string) => boolean, count: Count) {
    this.#censor = censor;
    this.#count = count;
    this.#assignments = new Assignments(censor, isSecretKey);
    const starts = allStarts().map(literal).join('|');
    this.#start = new RegExp(`://|-----BEGIN|${starts}|${this.#assignments.start}`, 'gi');
  }

  scan(text: string): string {
    return text.length < minLength || !this.#suspect.test(text) ? text : this.#replace(text);
  }

  #replace(text: string): string {
    const start = this.#start;
    let clean = '';
    let kept = 0;
    let secrets = 0;
    let hasAwsKey = false;
    start.lastIndex = 0;
    this.#noJwtBefore = 0;
    while (start.test(text)) {
      const end = start.lastIndex;
      if (this.#find(text, end, kept)) {
        if (++secrets > maxSecrets) {
          this.#to = text.length;
        }
        clean += text.slice(kept, this.#from) + this.#censor;
        kept = this.#to;
        start.lastIndex = Math.max(end, kept);
        hasAwsKey ||= this.#rule === 'aws_key';
        this.#count(this.#rule);
      }
    }
    if (kept === 0) {
      return text;
    }
    clean += text.slice(kept);
    return hasAwsKey ? this.#withoutAwsSecret(clean) : clean;
  }

  /** What begins with the start that ends at `end`; false where that is nothing. */
  #find(text: string, end: number, kept: number): boolean {
    switch (text.charCodeAt(end - 1)) {
      case slash:
        return this.#findUrl(text, end - 3);
      case colon:
      case equals:
      case space:
      case closingTag:
        return this.#findShape(text, end) || this.#findAssignment(text, end, kept);
      case upperN:
      case lowerN:
        return this.#findPrivateKey(text, end - 10);
      case upperJ:
        return this.#findJwt(text, end);
      default:
        return this.#findShape(text, end);
    }
  }

  #findJwt(text: string, end: number): boolean {
    if (end <= this.#noJwtBefore) {
      return false;
    }
    const isFound = this.#findShape(text, end);
    if (!isFound) {
      this.#noJwtBefore = endOfRun(text, end);
    }
    return isFound;
  }

  #findUrl(text: string, at: number): boolean {
    this.#url.lastIndex = at;
    const password = this.#url.exec(text)?.[1];
    if (password === undefined || password === this.#censor || /^\*+$/.test(password)) {
      return false;
    }
    const end = this.#url.lastIndex - 1;
    const from = end - password.length;
    // `https://ghp_...:x-oauth-basic@github.com`: some put the token where the user belongs.
    const hasTokenForUser = this.#anyShape.test(text.slice(at + 3, from - 1));
    return this.#found(hasTokenForUser ? at + 3 : from, end, 'url_credentials');
  }

  #findAssignment(text: string, end: number, kept: number): boolean {
    const found = this.#assignments.find(text, end, kept);
    return found !== undefined && this.#found(found.from, this.#endOf(text, found), 'assignment');
  }

  /** Behind the mark where the secret would end within one: a text may come here a second time. */
  #endOf(text: string, { from, to }: { readonly from: number; readonly to: number }): number {
    const { length } = this.#censor;
    const mark = text.slice(from, to + length - 1).lastIndexOf(this.#censor);
    return mark < 0 ? to : Math.max(to, from + mark + length);
  }

  #findPrivateKey(text: string, at: number): boolean {
    this.#privateKey.lastIndex = at;
    return (
      this.#privateKey.test(text) && this.#found(at, this.#privateKey.lastIndex, 'private_key')
    );
  }

  #findShape(text: string, end: number): boolean {
    for (const { pattern, shape, start } of this.#byEnd.get(endCode(text, end)) ?? []) {
      const at = end - start.length;
      if (!text.startsWith(start, at) || isWordCharacter(text.charCodeAt(at - 1))) {
        continue;
      }
      pattern.lastIndex = at;
      if (pattern.test(text)) {
        const to = pattern.lastIndex;
        return shape.isSecret?.(text.slice(at, to)) !== false && this.#found(at, to, shape.rule);
      }
    }
    return false;
  }

  #found(from: number, to: number, rule: string): true {
    this.#from = from;
    this.#to = to;
    this.#rule = rule;
    return true;
  }

  /** Forty characters of base64 are many things, but beside an access key id they are its secret. */
  #withoutAwsSecret(text: string): string {
    const pattern = new RegExp(`(?<![A-Za-z0-9/+=])${awsSecretKey}(?![A-Za-z0-9/+=])`, 'g');
    return text.replace(pattern, (found) => {
      if (/^[0-9a-f]+$/.test(found)) {
        return found;
      }
      this.#count('aws_key');
      return this.#censor;
    });
  }
}

const slash = 0x2f;
const colon = 0x3a;
const equals = 0x3d;
const space = 0x20;
const closingTag = 0x3e;
const upperJ = 0x4a;
const upperN = 0x4e;
const lowerN = 0x6e;

function allStarts(): string[] {
  return shapes.flatMap((shape) => shape.starts);
}

/**
 * By their last character where that is rare, and then looked back at: V8 skips what begins with none
 * of a few characters, a tenth of a nanosecond each; with more than 16 of them it does not.
 */
function startsBySign(): string {
  const bySign = new Map<string, string[]>();
  for (const start of allStarts()) {
    const sign = /[^a-z ]$/.exec(start)?.[0] ?? start;
    bySign.set(sign, [...(bySign.get(sign) ?? []), start]);
  }
  return [...bySign]
    .map(([sign, starts]) => `${literal(sign)}(?<=${starts.map(literal).join('|')})`)
    .join('|');
}

function literal(start: string): string {
  return start.replaceAll('.', '\\.');
}

/** By the last two characters of their starts. */
function compile(): Map<number, Compiled[]> {
  const byEnd = new Map<number, Compiled[]>();
  for (const shape of shapes) {
    const pattern = new RegExp(shape.pattern, 'y');
    for (const start of shape.starts) {
      const code = endCode(start, start.length);
      byEnd.set(code, [...(byEnd.get(code) ?? []), { shape, start, pattern }]);
    }
  }
  return byEnd;
}

function endCode(text: string, end: number): number {
  return text.charCodeAt(end - 2) * 65_536 + text.charCodeAt(end - 1);
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  );
}

function endOfRun(text: string, at: number): number {
  const run = /[A-Za-z0-9_-]*/y;
  run.lastIndex = at;
  run.test(text);
  return run.lastIndex;
}
