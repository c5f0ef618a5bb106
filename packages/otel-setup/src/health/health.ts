// What the pipeline knows about itself: the ledger, and the notices that tell of trouble.

import type { DiagLogger } from '@opentelemetry/api';
import type { Notice, NoticeCode } from '../errors.ts';
import { closingLine } from './closing-line.ts';
import { createDiag } from './diag.ts';
import { Ledger } from './ledger.ts';
import { type NoticeOptions, Notices } from './notices.ts';
import type { SpoolStats, Stats } from './stats.ts';

export interface HealthOptions extends NoticeOptions {
  readonly routeName: string;
  /** Makes what OpenTelemetry's packages say short, and takes secrets out of it. @default as it is */
  readonly clean?: (words: string) => string;
}

export interface Health {
  readonly ledger: Ledger;
  stats(spool: SpoolStats): Stats;
  /** The first of its code is told at once, repeats in summaries: at most one line a minute and code. */
  notice(notice: Notice): void;
  /** A trouble that had these codes is over; `detail` for example `12,300 records delivered late`. */
  recovered(codes: readonly NoticeCode[], detail?: string): void;
  /** For OpenTelemetry's `diag`: what its packages say becomes notices. */
  readonly diag: DiagLogger;
  /** Tells what is left behind and what was not told yet, where anything is: to be called once, at the end of the process. */
  closing(spool: SpoolStats): void;
}

export function createHealth(options: HealthOptions): Health {
  const ledger = new Ledger(options.routeName, () => options.clock.now());
  const notices = new Notices(options);
  return {
    ledger,
    stats: (spool) => ledger.stats(spool),
    notice: (notice) => notices.notice(notice),
    recovered: (codes, detail) => notices.recovered(codes, detail),
    diag: createDiag(options.clean ?? ((words) => words), (notice, key) =>
      notices.noticeApart(notice, key),
    ),
    closing: (spool) => {
      const place = spool.mode === 'record' ? spool.directory : undefined;
      const held = notices.rest();
      const texts = held.map(({ text }) => text);
      const message = closingLine(ledger.stats(spool), place, texts);
      if (message === undefined) return;
      const like = held.some(({ level }) => level === 'error') ? 'error' : 'warn';
      notices.print({ code: 'OTEL_SETUP_CLOSING', level: 'warn', message }, like);
    },
  };
}
