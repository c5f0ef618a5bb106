// Unsigned 64-bit little-endian numbers as JavaScript numbers (all of ours stay below 2^53).

export function writeU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value >>> 0, at);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000) >>> 0, at + 4);
}

/** Undefined for a number that we never write. */
export function readU64(bytes: Buffer, at: number): number | undefined {
  const value = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
  return Number.isSafeInteger(value) ? value : undefined;
}
