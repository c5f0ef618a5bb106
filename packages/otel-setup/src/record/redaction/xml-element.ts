// The text of an XML element whose name is a key: `<password>x<`, `<ns:Password Type="y">x<`.

const maxTagLength = 200;

export function isTag(text: string, keyStart: number): boolean {
  const before = text[keyStart - 1];
  return (
    before === '<' ||
    (before === ':' && /<\w{1,20}:$/.test(text.slice(Math.max(0, keyStart - 22), keyStart)))
  );
}

/** Where it stands whose tag goes on at `end`, or ends there. */
export function elementAt(text: string, end: number): [from: number, to: number] | undefined {
  const rest = text[end - 1] === '>' ? '>' : text.slice(end, end + maxTagLength);
  const close = rest.indexOf('>');
  const from = rest === '>' ? end : end + close + 1;
  if (text.startsWith('<![CDATA[', from)) {
    const end = text.indexOf(']]>', from);
    return [from + 9, end < 0 ? text.length : end];
  }
  const to = close < 0 || rest[close - 1] === '/' ? -1 : text.indexOf('<', from);
  return to >= 0 && text[to + 1] === '/' ? [from, to] : undefined;
}
