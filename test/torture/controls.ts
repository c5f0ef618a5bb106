// What must reach OTLP as it is, and no terminal.

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));

/** Control characters, separators of lines, marks of direction; then how they are used. */
export const controls: readonly string[] = [
  ...[...range(0x00, 0x1f), ...range(0x7f, 0x9f), '\u2028', '\u2029', '\u061c', '\u200e', '\u200f'],
  ...[...range(0x202a, 0x202e), ...range(0x2066, 0x2069)],
  ...['\r\n', '\n2026-11-24 ERROR forged', '\u001b[2J\u001b[1;1H', '\u001b]0;title\u0007'],
  ...[
    '\u009b31m',
    '\u001b[8mhidden\u001b[0m',
    'a\u0000b',
    '\u202egnp.exe',
    '\\n \\u001b',
    '"}\n{"a":"',
  ],
];
