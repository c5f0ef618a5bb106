// Troubles of what was sent, not of the way: records that a server refuses, shortens or stores in part.

import type { Trouble } from './trouble-kind.ts';

type RecordTrouble =
  | 'rejected'
  | 'entries'
  | 'labels'
  | 'partial-success'
  | 'server-warning'
  | 'too-large'
  | 'truncated'
  | 'oversized'
  | 'internal';

const inQuarantine =
  'The reason is in its words; "npx otel-setup spool export --quarantine" prints the records.';

export const recordTroubles: Readonly<Record<RecordTrouble, Trouble>> = {
  rejected: {
    code: 'OTEL_SETUP_REJECTED',
    level: 'error',
    what: 'refused records for what they hold; they are in quarantine and counted as dropped',
    fix: () => inQuarantine,
  },
  entries: {
    code: 'OTEL_SETUP_REJECTED_ENTRIES',
    level: 'error',
    what: 'refused entries; they are in quarantine and counted as dropped, any others are stored',
    fix: () =>
      `${inQuarantine} The limits are those of its tenant. For times too new or too old set this machine's clock: timedatectl set-ntp true.`,
  },
  labels: {
    code: 'OTEL_SETUP_REJECTED_LABELS',
    level: 'error',
    what: 'refuses every record of this service for the labels that its resource makes; they are in quarantine and counted as dropped',
    fix: () =>
      'Shorten or remove the resource attribute that its words name (OTEL_RESOURCE_ATTRIBUTES).',
  },
  'partial-success': {
    code: 'OTEL_SETUP_PARTIAL_SUCCESS',
    level: 'error',
    what: 'stored a request only in part; the rejected records are counted as dropped',
    fix: () => 'The reason is in its words; which records it meant it does not say.',
  },
  'server-warning': {
    code: 'OTEL_SETUP_SERVER_WARNING',
    level: 'warn',
    what: 'stored everything, with a warning',
    fix: () => 'Nothing is lost; its words say what to change.',
  },
  'too-large': {
    code: 'OTEL_SETUP_TOO_LARGE',
    level: 'warn',
    what: 'takes smaller requests only; batches are made smaller',
    fix: () => 'Nothing is lost. To send fewer requests again, have its limit for a body raised.',
  },
  truncated: {
    code: 'OTEL_SETUP_TRUNCATED',
    level: 'warn',
    what: 'takes no record of this size; it was shortened, and is marked so',
    fix: () => 'Log less in one record, or have the limit raised.',
  },
  oversized: {
    code: 'OTEL_SETUP_OVERSIZED',
    level: 'error',
    what: 'takes no record of this size, shortened or not; it is in quarantine and counted as dropped',
    fix: () => 'Log less in one record, or have the limit raised.',
  },
  internal: {
    code: 'OTEL_SETUP_DELIVERY_ERROR',
    level: 'error',
    what: 'was not reached because of an error in otel-setup itself; records are kept',
    fix: () => 'Please report this.',
  },
};
