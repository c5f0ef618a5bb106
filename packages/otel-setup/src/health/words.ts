// Numbers and spans of time as a person reads them.

/** `12300` -> `12,300`. */
export function countOf(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds, rounded to one unit: `850 ms`, `12 s`, `4 min`, `3 h`, `2 days`. */
export function spanOf(spanMs: number): string {
  if (spanMs < 1000) return `${Math.max(0, Math.round(spanMs))} ms`;
  const seconds = Math.round(spanMs / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(spanMs / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(spanMs / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
