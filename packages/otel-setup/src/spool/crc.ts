// CRC-32 (the one of zlib) over the few numbers of a header. Hot path: runs on the caller's thread for every record.
// zlib.crc32 costs 55 ns before its first byte (measured), this 2 ns a word: it serves the headers only.

// Of each byte its effect on the value after one, two, three and four bytes.
const [last, third, second, first] = makeTables();

function makeTables(): [Int32Array, Int32Array, Int32Array, Int32Array] {
  const table = new Int32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[index] = value;
  }
  const next = (before: Int32Array): Int32Array =>
    before.map((value) => (table[value & 255] ?? 0) ^ (value >>> 8));
  const two = next(table);
  const three = next(two);
  return [table, two, three, next(three)];
}

// The indexes below are in range: `?? 0` only tells the compiler so, and costs nothing measurable.

/** Continues the inverted running value `state` (-1 at the start) over a little-endian u32. */
export function runCrc32(state: number, word: number): number {
  const mixed = state ^ word;
  return (
    (first[mixed & 255] ?? 0) ^
    (second[(mixed >>> 8) & 255] ?? 0) ^
    (third[(mixed >>> 16) & 255] ?? 0) ^
    (last[mixed >>> 24] ?? 0)
  );
}

/** The same over a little-endian u16. */
export function runCrc16(state: number, half: number): number {
  const value = (last[(state ^ half) & 255] ?? 0) ^ (state >>> 8);
  return (last[(value ^ (half >>> 8)) & 255] ?? 0) ^ (value >>> 8);
}
