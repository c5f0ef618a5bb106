// What a record of the suite looks like: `run:writer:seq` and a text that follows from it, so that a single wrong
// byte shows without keeping what was sent.

export interface RecordId {
  readonly run: string;
  /** One process, or one thread of it. */
  readonly writer: string;
  /** From 1. */
  readonly seq: number;
}

/** The length classes of the suite, in bytes. */
export const lengths = { empty: 0, short: 200, plain: 1024, page: 4096, huge: 255 * 1024 } as const;

/** What the SDK says in the place of what it cut out of a text: never longer than this. */
const maxMarkLength = 64;
const blockLength = 512 * 1024;

export function formatId(run: string, writer: string, seq: number): string {
  return `${run}:${writer}:${seq}`;
}

export function parseId(id: string): RecordId | undefined {
  const [run, writer, digits, rest] = id.split(':');
  const seq = Number(digits);
  if (run === undefined || writer === undefined || rest !== undefined) return undefined;
  return Number.isSafeInteger(seq) && seq > 0 ? { run, writer, seq } : undefined;
}

/** Lower-case letters and spaces, always the same: nothing in it looks like a secret. */
function makeBlock(): string {
  const bytes = Buffer.alloc(blockLength);
  let state = 0x2545f491;
  for (let index = 0; index < blockLength; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = index % 8 === 7 ? 0x20 : 0x61 + ((state >>> 16) % 26);
  }
  return bytes.toString('latin1');
}

const block = makeBlock();

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** f(id), `size` characters of ASCII. */
export function payloadOf(id: string, size: number): string {
  const head = `${id} `;
  if (size <= head.length) return head.slice(0, size);
  const from = hashOf(id) % (blockLength - Math.min(size, blockLength / 2));
  let text = head;
  while (text.length < size) text += block.slice(from, from + size - text.length);
  return text;
}

export type PayloadState = 'whole' | 'truncated' | 'wrong';

/** Whether a body is f(id), or a marked truncation of it: its beginning, a short mark, its end. */
export function checkPayload(
  id: string,
  size: number,
  body: unknown,
  isMarked: boolean,
): PayloadState {
  const expected = payloadOf(id, size);
  if (body === expected) return 'whole';
  if (!isMarked || typeof body !== 'string' || body.length >= expected.length) return 'wrong';
  let head = 0;
  while (head < body.length && body[head] === expected[head]) head++;
  let tail = 0;
  while (tail < body.length - head && body.at(-1 - tail) === expected.at(-1 - tail)) tail++;
  return body.length - head - tail <= maxMarkLength ? 'truncated' : 'wrong';
}
