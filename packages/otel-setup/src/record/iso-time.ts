// Hot path: runs on the caller's thread for every line of the console.

let second = Number.NaN;
let untilSecond = '';

/** ISO 8601 of ms since the epoch; the number itself where a clock is beyond all dates. */
export function isoTime(ms: number): string {
  if (!(Math.abs(ms) <= 8.64e15)) {
    return String(ms);
  }
  const whole = Math.trunc(ms);
  const seconds = Math.floor(whole / 1000);
  if (seconds !== second) {
    // `2026-01-01T00:00:00.` of all the records of a second.
    untilSecond = new Date(seconds * 1000).toISOString().slice(0, -4);
    second = seconds;
  }
  return `${untilSecond}${String(whole - seconds * 1000).padStart(3, '0')}Z`;
}
