// Secrets in forms of their own: SQL, a percent-encoded query, curl's user, docker's credentials.

import { isBasicCredentials } from './basic-credentials.ts';
import { isHarmless } from './harmless.ts';

/** To be matched without regard to case: its last character tells which it is. */
export const otherStart: string = [
  `identified\\s{1,4}by\\s{1,4}(?:password\\s{1,4})?'`,
  `(?:with|encrypted)\\s{1,4}password\\s{1,4}'`,
  '(?:password|passwd|secret|token|api_?key|sig|signature)%3d',
  ' (?:-u|--user) ',
  '\\\\{0,3}"auth\\\\{0,3}"\\s{0,2}:\\s{0,2}\\\\{0,3}"',
  '_auth=',
].join('|');

const quote = 0x27;
const doubleQuote = 0x22;
const equals = 0x3d;
const space = 0x20;

interface Range {
  readonly from: number;
  readonly to: number;
}

const sqlValue = /[^'\s]{1,256}(?=')/y;
const encodedValue = /(?:(?!%26|%23|%22|%27)[^\s&;,"'`<>\\#])+/y;
const basicValue = /[A-Za-z0-9+/]{8,2048}={0,2}/y;
const curlValue = /["']?[^\s:"']{0,128}:([^\s"']{1,256})/y;

/** Where the secret is whose start ends at `end`. */
export function findOtherForm(
  text: string,
  end: number,
  isSecretKey: (key: string) => boolean,
): Range | undefined {
  switch (text.charCodeAt(end - 1)) {
    case quote:
      return rangeOf(sqlValue, text, end);
    case space:
      return isCurl(text, end) ? rangeOf(curlValue, text, end) : undefined;
    case doubleQuote:
    case equals:
      return basicAt(text, end);
    default:
      return isEncoded(text, end, isSecretKey) ? rangeOf(encodedValue, text, end) : undefined;
  }
}

function isCurl(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - 200), end);
  return / (?:-u|--user) $/.test(before) && /(?:^|\s|\/)curl\s/.test(before);
}

function basicAt(text: string, end: number): Range | undefined {
  const range = /auth/.test(text.slice(Math.max(0, end - 20), end))
    ? rangeOf(basicValue, text, end)
    : undefined;
  return range !== undefined && isBasicCredentials(text.slice(range.from, range.to))
    ? range
    : undefined;
}

/** `%3Faccess_token%3D`: the two digits of the sign before it do not belong to the key. */
function isEncoded(text: string, end: number, isSecretKey: (key: string) => boolean): boolean {
  const before = text.slice(Math.max(0, end - 83), end);
  const key = /(?:%[0-9a-f]{2}|[^\w.%-]|^)([\w.-]+)%3d$/i.exec(before)?.[1];
  return key !== undefined && (isSecretKey(key) || /^sig(?:nature)?$/i.test(key));
}

function rangeOf(pattern: RegExp, text: string, end: number): Range | undefined {
  const value = new RegExp(pattern);
  value.lastIndex = end;
  const found = value.exec(text);
  const secret = found?.[1] ?? found?.[0] ?? '';
  return isHarmless(secret)
    ? undefined
    : { from: value.lastIndex - secret.length, to: value.lastIndex };
}
