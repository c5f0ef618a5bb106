// A colour of the terminal, as util.inspect and winston's colorize set it: ESC [ 3 2 m; in JSON the ESC is spelled out.

const sign = '(?:\\x1b|\\\\{1,7}(?:u001[bB]|x1[bB]))\\[[0-9;]{1,8}m';
const maxSignLength = 22;
/** Source of an expression: a colour or none. */
export const maybeColour: string = `(?:${sign})?`;
const atStart = new RegExp(`^${sign}`);
const atEnd = new RegExp(`${sign}$`);

/** Characters of the colour that begins here, or 0. */
export function colourLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== 0x1b && code !== 0x5c) {
    return 0;
  }
  return atStart.exec(text.slice(at, at + maxSignLength))?.[0].length ?? 0;
}

/** Characters of the colour that ends here, or 0. */
export function colourBefore(text: string, at: number): number {
  if (text.charCodeAt(at - 1) !== 0x6d) {
    return 0;
  }
  return atEnd.exec(text.slice(Math.max(0, at - maxSignLength), at))?.[0].length ?? 0;
}
