// One line of the doctor's report, and the names of its checks.

import type { NoticeCode } from '../../errors.ts';

/** In the order of the report; each check belongs to one part. The names are stable. */
export const parts = {
  Configuration: ['configuration', 'url', 'level'],
  Labels: ['service', 'labels', 'cost'],
  Route: ['proxy', 'dns', 'tcp', 'tls', 'alloy', 'authentication', 'scope', 'endpoint'],
  Record: ['record', 'second-opinion', 'behind-alloy', 'read-back', 'clock'],
  Application: ['node', 'installed', 'winston', 'api', 'pair', 'provider', 'double'],
  Spool: ['spool', 'space', 'backlog', 'quarantine'],
} as const;

export type Part = keyof typeof parts;
export type Check = (typeof parts)[Part][number];

/** `skipped`: could not be looked at from here; says why and counts as nothing. */
export type State = 'good' | 'warning' | 'wrong' | 'skipped';

export interface Finding {
  readonly check: Check;
  readonly state: State;
  readonly message: string;
  /** Of whatever is not good; `docs/troubleshooting.md` explains each. */
  readonly code?: NoticeCode;
  /** What to do, in words. */
  readonly fix?: string;
  /** Lines to paste: variables to set, commands to run. */
  readonly paste?: readonly string[];
}

export interface Remedy {
  readonly code: NoticeCode;
  readonly message: string;
  readonly fix?: string;
  readonly paste?: readonly string[];
}

export function good(check: Check, message: string): Finding {
  return { check, state: 'good', message };
}

export function skipped(check: Check, message: string): Finding {
  return { check, state: 'skipped', message };
}

export function warning(check: Check, remedy: Remedy): Finding {
  return { check, state: 'warning', ...remedy };
}

export function wrong(check: Check, remedy: Remedy): Finding {
  return { check, state: 'wrong', ...remedy };
}

export function partOf(check: Check): Part {
  const found = Object.entries(parts).find(([, checks]) =>
    (checks as readonly Check[]).includes(check),
  );
  return (found?.[0] ?? 'Configuration') as Part;
}
