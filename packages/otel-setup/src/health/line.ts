// One notice as one line: text for a person, JSON where the console is JSON.

import type { Notice } from '../errors.ts';
import { isoTime } from '../record/iso-time.ts';

// A server's words can hold escape sequences that repaint a terminal, or characters that turn the
// reading direction: they are shown, not obeyed.
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const MAX_CHARACTERS = 4000;

/** Without the newline at its end. */
export function formatNotice(notice: Notice, json: boolean, timeMs: number): string {
  const message = shortened(notice.message);
  if (json) {
    const { level, code } = notice;
    const time = isoTime(timeMs);
    const line = JSON.stringify({ level, time, code, message, source: 'otel-setup' });
    return line.replace(UNSAFE, unicodeEscape);
  }
  return `otel-setup [${notice.level}] ${message.replace(UNSAFE, escaped)} (${notice.code})`;
}

function shortened(message: string): string {
  return message.length <= MAX_CHARACTERS ? message : `${message.slice(0, MAX_CHARACTERS)}...`;
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(character);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
