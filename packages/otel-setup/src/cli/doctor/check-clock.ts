// This machine's clock beside the server's.

import { clockFix, skewWords } from '../../clock-notice.ts';
import type { Answer } from '../../deliver/answer.ts';
import { skewMs } from '../../deliver/clock-skew.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, warning, wrong } from './finding.ts';

const noticeableMs = 60_000;
/** From here on Loki refuses records as too new. */
const refusedMs = 10 * 60_000;

export function checkClock(answers: readonly Answer[], examination: RouteExamination): Finding {
  const nowMs = examination.world.clock.now();
  const skew = answers.map((answer) => skewMs(answer, nowMs)).find((found) => found !== undefined);
  if (skew === undefined) return skipped('clock', 'The server tells no time.');
  if (Math.abs(skew) < noticeableMs) return good('clock', "It agrees with the server's.");
  const remedy = {
    code: 'OTEL_SETUP_CLOCK',
    message: skewWords(skew, examination.names.origin),
    fix: clockFix,
    paste: ['timedatectl set-ntp true'],
  } as const;
  return skew > refusedMs ? wrong('clock', remedy) : warning('clock', remedy);
}
