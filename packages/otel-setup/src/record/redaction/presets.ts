// Personal data to opt into: card numbers, e-mail and IP addresses.

import { isIPv6 } from 'node:net';
import type { RedactionPreset } from './redaction-options.ts';

export interface TextPattern {
  readonly rule: string;
  readonly pattern: RegExp;
  isSecret?(found: string): boolean;
}

/** Each begins only where no character of its own stands before it: a long run is read once. */
const presets: Readonly<Record<RedactionPreset, readonly TextPattern[]>> = {
  cards: [
    {
      rule: 'card',
      pattern: /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w-]|\.\d)/g,
      isSecret: isCardNumber,
    },
  ],
  emails: [
    {
      rule: 'email',
      pattern:
        /(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}(?![\w-])/g,
    },
  ],
  ips: [
    {
      rule: 'ip',
      pattern: /(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])/g,
      isSecret: (found) =>
        found.includes('::') ? found.length > 2 && isIPv6(found) : isIPv6(found),
    },
    {
      rule: 'ip',
      pattern:
        /(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)/g,
    },
  ],
};

export function patternsOf(names: readonly RedactionPreset[]): TextPattern[] {
  return names.flatMap((name) => presets[name]);
}

/** A first digit and a length that cards have, and the check digit of ISO/IEC 7812 (Luhn). */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (
    !/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15,18})$/.test(
      digits,
    )
  ) {
    return false;
  }
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (1 + (i % 2));
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
