// The Retry-After header: seconds or a date.

import type { AnswerHeaders } from './answer.ts';

const maxWaitMs = 15 * 60_000;

/**
 * The wait the server asks for, in ms, at most 15 minutes; undefined where it asks for none (absent,
 * zero, past or unreadable). A date counts from the server's own clock where it tells it.
 */
export function retryAfterMs(headers: AnswerHeaders, nowMs: number): number | undefined {
  const value = headers.retryAfter?.trim();
  if (value === undefined || value === '') return undefined;
  const wait = /^\d{1,15}$/.test(value) ? Number(value) * 1000 : untilDate(value, headers, nowMs);
  if (wait === undefined || wait <= 0) return undefined;
  return Math.min(wait, maxWaitMs);
}

function untilDate(value: string, headers: AnswerHeaders, nowMs: number): number | undefined {
  const target = httpDate(value);
  if (target === undefined) return undefined;
  const serverNow = headers.date === undefined ? undefined : httpDate(headers.date);
  return target - (serverNow ?? nowMs);
}

/** An HTTP date as ms since the epoch. */
export function httpDate(value: string): number | undefined {
  // Date.parse alone takes "-5" and "1" for dates.
  if (!/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
