// What may stand directly before a word and is no part of it: `\n` in JSON, `%20` in a URL, a colour of the terminal.

const percent = 0x25;
const semicolon = 0x3b;
const openingBracket = 0x5b;
const backslash = 0x5c;
const lowerM = 0x6d;

/** Of a colour: `[38;5;208m`. */
const maxColourLength = 11;

/** Whether the letter or digit before this place ends an escape. */
export function isBehindEscape(text: string, at: number): boolean {
  const last = text[at - 1] ?? '';
  if (text.charCodeAt(at - 2) === backslash) {
    return 'bfnrtv0'.includes(last);
  }
  if (text.charCodeAt(at - 1) === lowerM) {
    return isColour(text, at - 1);
  }
  // %20 and %2520; \x1b and \u003d.
  return (
    /[0-9a-f]/i.test(last) &&
    /(?:%(?:25){0,3}|\\x|\\u[0-9a-f]{2})[0-9a-f]{2}$/i.test(text.slice(Math.max(0, at - 9), at))
  );
}

/** How much of the word that begins here may be the rest of an escape. */
export function escapeLength(text: string, at: number): number {
  switch (text.charCodeAt(at - 1)) {
    case backslash:
      return (
        /^(?:[bfnrtv0]|u[0-9a-f]{4}|x[0-9a-f]{2})/i.exec(text.slice(at, at + 5))?.[0].length ?? 0
      );
    case percent:
      return /^(?:25){0,3}[0-9a-f]{2}/i.exec(text.slice(at, at + 8))?.[0].length ?? 0;
    case semicolon:
    case openingBracket: {
      const length = /^\d{0,3}m/.exec(text.slice(at, at + 4))?.[0].length ?? 0;
      return length > 0 && isColour(text, at + length - 1) ? length : 0;
    }
    default:
      return 0;
  }
}

/** Whether the m at this place ends a colour. */
function isColour(text: string, at: number): boolean {
  let start = at - 1;
  while (at - start < maxColourLength && isColourPart(text.charCodeAt(start))) start--;
  return text.charCodeAt(start) === openingBracket;
}

function isColourPart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === semicolon;
}
