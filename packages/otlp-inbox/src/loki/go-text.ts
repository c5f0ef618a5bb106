// Dates and sizes as Go prints them, for answers that read like Loki's.

const nanosecondsPerMs = 1_000_000n;

/** `2026-01-31T12:00:00Z` */
export function rfc3339(timestampNs: bigint): string {
  return `${isoSecond(timestampNs)}Z`;
}

/** `2026-01-31 12:00:00.5 +0000 UTC` */
export function goTime(timestampNs: bigint): string {
  const fraction = (((timestampNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
    .toString()
    .padStart(9, '0')
    .replace(/0+$/, '');
  const second = isoSecond(timestampNs).replace('T', ' ');
  return `${second}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}

/** In the largest unit that divides it: `3MB`, `512KB`, `200000B`. */
export function byteSize(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['KB', 2 ** 10],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}

function isoSecond(timestampNs: bigint): string {
  const date = new Date(Number(timestampNs / nanosecondsPerMs));
  return Number.isNaN(date.getTime()) ? String(timestampNs) : date.toISOString().slice(0, 19);
}
