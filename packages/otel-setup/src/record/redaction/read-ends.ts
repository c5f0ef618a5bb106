// Of a huge text only what can be kept is read for secrets: its beginning and its end.

/** UTF-16 units that are kept of a text at most. */
export interface Room {
  readonly head: number;
  readonly tail: number;
}

/** What Loki takes, shared out as the cut to its limits does: 256 KiB of a line, 64 KiB of attributes. */
export const bodyRoom: Room = { head: 196_608, tail: 65_536 };
export const attributeRoom: Room = { head: 49_152, tail: 16_384 };

/** Read beyond what is kept, and then left out: no secret is cut in half and its half kept. */
const overlap = 16_384;

export function readEnds(text: string, room: Room, clean: (text: string) => string): string {
  const { length } = text;
  if (length <= room.head + room.tail + 4 * overlap) {
    return clean(text);
  }
  const head = clean(beforeOpenToken(text.slice(0, room.head + overlap)));
  const tail = clean(text.slice(length - room.tail - overlap));
  // Redaction may have made them shorter: then less is kept, and still nothing of the overlap.
  const kept = head.slice(0, Math.min(room.head, head.length - overlap));
  return `${kept} ...[cut: ${length} characters]... ${behindOpenSecret(tail, room.tail)}`;
}

/** Without a JWT that may go on behind the end, where it no longer looks like one. */
function beforeOpenToken(text: string): string {
  const token = text.indexOf('eyJ', startOfRun(text));
  return token < 0 ? text : text.slice(0, token);
}

/** Without the rest of a JWT or of a private key that began before the text. */
function behindOpenSecret(text: string, room: number): string {
  const from = Math.max(overlap, text.length - room);
  const key = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(text);
  const behindKey = key === null ? 0 : key.index + key[0].length;
  const end = endOfRun(text);
  const behindToken = text.lastIndexOf('.', end) > 0 ? end : 0;
  return text.slice(Math.max(from, behindKey, behindToken));
}

function startOfRun(text: string): number {
  let start = text.length;
  while (start > 0 && isInToken(text.charCodeAt(start - 1))) start--;
  return start;
}

function endOfRun(text: string): number {
  let end = 0;
  while (end < text.length && isInToken(text.charCodeAt(end))) end++;
  return end;
}

/** Letters, digits, `_`, `-`, `.`. */
function isInToken(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}
