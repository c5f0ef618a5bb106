// What is told when records of processes that ended are found on disk: after a crash nobody else says that nothing is lost.

import type { Notice } from './errors.ts';
import { countOf, spanOf } from './health/words.ts';
import type { TookOver } from './spool/options.ts';

export function tookOverNotice(
  { directories, oldestMs, records }: TookOver,
  nowMs: number,
): Notice {
  const what = records === 1 ? 'One record' : `${countOf(records)} records`;
  const whose =
    directories === 1 ? 'an earlier process' : `${countOf(directories)} earlier processes`;
  const age = spanOf(Math.max(0, nowMs - oldestMs));
  return {
    code: 'OTEL_SETUP_SPOOL_ADOPTED',
    level: 'info',
    message: `${what} of ${whose} of this service, on disk for up to ${age}, ${records === 1 ? 'is' : 'are'} sent now, beside new ones.`,
  };
}
