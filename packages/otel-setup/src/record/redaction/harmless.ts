// Texts under a secret key that are none: nothing, a word of the language, a mark, a placeholder, a folder.

import { isLetter } from './assigned-value.ts';

const words: ReadonlySet<string> = new Set([
  ...['', 'true', 'false', 'null', 'nil', 'none', 'undefined', 'include', 'omit', 'same-origin'],
]);

const marks =
  'redacted|filtered|hidden|masked|removed|omitted|protected|scrubbed|censored|secret|none|empty|unset|not set|null';
const names = '(?:your[ _-])?(?:access[ _-])?(?:token|jwt|password|api[ _-]?key|credentials)';
const signs = [
  '[*•.]+',
  `\\[(?:${marks}|circular|object object|function [\\w$ ]*|cut: [\\w ]+|${names})\\]`,
  `\\((?:${marks})\\)`,
  '<[\\w -]*>',
  '\\?',
  '%[sdifjoOc]',
  ':\\w+',
  '\\$\\d+',
  // {0}, ${DB_PASSWORD}, {{ .Values.password }}, ${{ secrets.TOKEN }}, $(cat file)
  '\\$?\\{+ ?[\\w.$]* ?\\}+',
  '\\$\\([\\w ./-]*\\)',
].join('|');

const wholeSign = new RegExp(`^(?:${signs})$`, 'i');
/** `Bearer undefined`, `Bearer <token>`. */
const behindScheme = new RegExp(
  `^(?:basic|bearer|digest|token) +(?:${[...words].join('|')}|${signs})$`,
  'i',
);
/** With what a sentence puts behind a value. */
const signAt = new RegExp(`(?:${signs})(?=[)\\]}.!?:|]*(?:[\\s&;,"'\`<>\\\\]|$))`, 'iy');

export function isHarmless(value: string): boolean {
  return (
    value.length < 40 &&
    (isLetter(value.charCodeAt(0))
      ? words.has(value.toLowerCase()) || behindScheme.test(value)
      : value === '' || wholeSign.test(value))
  );
}

/** Whether a placeholder or a mark stands at this place, brackets and spaces of its own included. */
export function isSignAt(text: string, at: number): boolean {
  signAt.lastIndex = at;
  return signAt.test(text);
}

/** `PWD` is a shell's working folder as often as a password. */
export function isFolder(value: string): boolean {
  return /^(?:\/|~(?:\/|$)|[A-Za-z]:[\\/])/.test(value);
}

/** The same within a text, where the key is that of the shell. */
export function isFolderAt(text: string, at: number, key: string): boolean {
  return /(?:^|env\.)pwd$/i.test(key) && isFolder(text.slice(at, at + 3));
}
