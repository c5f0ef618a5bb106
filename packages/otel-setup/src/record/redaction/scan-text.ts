// Hot path: runs on the caller's thread for every text.
// Finds secrets inside a text, in one pass from left to right, and puts the mark in their place.

import { assignmentStart } from './assignment-start.ts';
import { Assignments, type Found } from './assignments.ts';
import { isHarmless } from './harmless.ts';
import { withoutFields } from './object-text.ts';
import { OtherForms } from './other-forms.ts';
import { allStarts, literal, ShapeFinder, startsBySign } from './shape-finder.ts';
import { awsSecretKey, privateKey } from './shapes.ts';
import { UrlFinder } from './url-finder.ts';

/** The shortest secret that is looked for: `pwd=abcd`, `a://b:c@d`. */
const minLength = 8;

/** Behind so many secrets the rest of a text goes as one: nobody reads it, and each costs time. */
const maxSecrets = 1_000;

export type Count = (rule: string) => void;

/** Keeps its place in the text in fields: a text without a secret costs no object. */
export class TextScanner {
  readonly #censor: string;
  readonly #count: Count;
  readonly #others: OtherForms;
  readonly #urls: UrlFinder;
  readonly #assignments: Assignments;
  /** Whether anything in a text may be the beginning of a secret. */
  readonly #suspect = new RegExp(
    `[:=>]|--|%3[Dd]|'(?<=(?:[Bb][Yy]|[Rr][Dd])\\s')|${startsBySign()}`,
  );
  readonly #start: RegExp;
  readonly #shapes = new ShapeFinder();
  readonly #privateKey = new RegExp(privateKey, 'y');
  /** Where the secret begins and ends that was found last. */
  #from = 0;
  #to = 0;
  #rule = '';
  /** What goes in its place. */
  #mark: string;
  /** Before this place no JWT begins: a long run of its characters is looked at once. */
  #noJwtBefore = 0;

  constructor(censor: string, isSecretKey: (key: string) => boolean, count: Count) {
    this.#censor = censor;
    this.#mark = censor;
    this.#count = count;
    this.#others = new OtherForms(isSecretKey);
    this.#urls = new UrlFinder(censor);
    this.#assignments = new Assignments(censor, isSecretKey);
    const starts = allStarts().map(literal).join('|');
    this.#start = new RegExp(`://|-----BEGIN|${starts}|${assignmentStart}`, 'gi');
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
    this.#urls.reset();
    this.#assignments.reset();
    this.#others.reset();
    while (start.test(text)) {
      const end = start.lastIndex;
      if (this.#find(text, end, kept)) {
        if (++secrets > maxSecrets) {
          this.#to = text.length;
        }
        clean += text.slice(kept, this.#from) + this.#mark;
        this.#mark = this.#censor;
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
        return (
          this.#findShape(text, end) ||
          this.#findAssignment(text, end, kept) ||
          this.#findOther(text, end)
        );
      case quote:
      case doubleQuote:
      case lowerD:
      case upperD:
        return this.#findOther(text, end);
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
    const found = this.#urls.find(text, at);
    return found !== undefined && this.#found(found.from, found.to, 'url_credentials');
  }

  #findAssignment(text: string, end: number, kept: number): boolean {
    const found = this.#assignments.find(text, end, kept);
    if (found?.parent !== undefined) {
      return this.#findFields(text, found, found.parent);
    }
    return found !== undefined && this.#found(found.from, this.#endOf(text, found), 'assignment');
  }

  #findFields(text: string, { from, to }: Readonly<Found>, parent: string): boolean {
    const object = text.slice(from, to);
    let count = 0;
    const clean = withoutFields(object, parent, (value) => {
      const isSecret = value !== this.#censor && !isHarmless(value);
      count += isSecret ? 1 : 0;
      return isSecret ? this.#censor : value;
    });
    if (count === 0) {
      return false;
    }
    const noJwtBefore = this.#noJwtBefore;
    const inner = this.#replace(clean);
    this.#noJwtBefore = noJwtBefore;
    this.#urls.reset();
    this.#assignments.reset();
    this.#others.reset();
    for (; count > 1; count--) this.#count('assignment');
    this.#mark = inner;
    return this.#found(from, to, 'assignment');
  }

  #findOther(text: string, end: number): boolean {
    const found = this.#others.find(text, end);
    return (
      found !== undefined &&
      !text.startsWith(this.#censor, found.from) &&
      this.#found(found.from, this.#endOf(text, found), 'assignment')
    );
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
    const found = this.#shapes.find(text, end);
    return found !== undefined && this.#found(found.from, found.to, found.rule);
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
const quote = 0x27;
const doubleQuote = 0x22;
const upperD = 0x44;
const lowerD = 0x64;
const upperJ = 0x4a;
const upperN = 0x4e;
const lowerN = 0x6e;

function endOfRun(text: string, at: number): number {
  const run = /[A-Za-z0-9_-]*/y;
  run.lastIndex = at;
  run.test(text);
  return run.lastIndex;
}
