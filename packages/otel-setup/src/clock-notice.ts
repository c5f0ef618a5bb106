// A clock that is wrong, in words: for the application's notice and for the doctor.

import type { Notice } from './errors.ts';
import { spanOf } from './health/words.ts';

export const clockFix =
  'Set it (timedatectl set-ntp true): Loki refuses records more than 10 min ahead of it, and shows the others at the wrong time.';

/** @param skewMs by how much ours is ahead */
export function skewWords(skewMs: number, origin: string): string {
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return `This machine's clock is ${spanOf(Math.abs(skewMs))} ${side} that of ${origin}.`;
}

export function clockNotice(skewMs: number, origin: string): Notice {
  const message = `${skewWords(skewMs, origin)} ${clockFix}`;
  return { code: 'OTEL_SETUP_CLOCK', level: 'warn', message };
}
