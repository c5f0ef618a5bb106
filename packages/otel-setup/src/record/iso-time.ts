/** ISO 8601 of ms since the epoch; the number itself where a clock is beyond all dates. */
export function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
