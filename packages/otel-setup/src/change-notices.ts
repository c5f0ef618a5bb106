// What limits changed in records and what rules took out: counted each time, and told once of each kind.

import type { Notice } from './errors.ts';
import { cutText } from './record/cut-value.ts';
import type { Change, Changed } from './record/fit-record.ts';

/** Names of attributes, never their values. */
export function createChanged(
  count: (change: Change, count: number) => void,
  notice: (notice: Notice) => void,
): Changed {
  const told = new Set<Change>();
  return (change, times, names) => {
    count(change, times);
    if (!told.has(change)) {
      told.add(change);
      notice(changeNotice(change, names));
    }
  };
}

/** What processing rules take out: counted each time, and told once. */
export function createTookOut(
  count: (rule: string) => void,
  notice: (notice: Notice) => void,
): (rule: string) => void {
  let isTold = false;
  return (rule) => {
    count(rule);
    if (!isTold) {
      isTold = true;
      notice({
        code: 'OTEL_SETUP_PROCESSED',
        level: 'debug',
        message: `Processing rules take records out, the first was ${JSON.stringify(rule)}; stats().processed counts them by rule.`,
      });
    }
  };
}

const where = 'docs/limits.md in the package explains it; stats().changed counts them from now on.';

function changeNotice(change: Change, names: readonly string[]): Notice {
  const named = list(names);
  switch (change) {
    case 'truncated':
      return {
        code: 'OTEL_SETUP_RECORD_CUT',
        level: 'warn',
        message: `A log record was larger than the limits allow, and was cut: ${named}. Its beginning and end are kept, and otel_setup.truncated in the record names what was cut. Log less at once. ${where}`,
      };
    case 'attributes_dropped':
      return {
        code: 'OTEL_SETUP_ATTRIBUTES_DROPPED',
        level: 'warn',
        message: `A log record had more attributes than the limits allow; the last ones were left out: ${named}. dropped_attributes_count in the record says how many. Put them into one object or log fewer. ${where}`,
      };
    case 'renamed':
      return {
        code: 'OTEL_SETUP_ATTRIBUTE_RENAMED',
        level: 'info',
        message: `Attributes of a log record were renamed, because Loki refuses their names or shows only one of those that become the same: ${named}. otel_setup.renamed in the record names them. ${where}`,
      };
    case 'resource_changed':
      return {
        code: 'OTEL_SETUP_RESOURCE_CHANGED',
        level: 'warn',
        message: `Resource attributes were cut, renamed or left out, to be within Loki's limits: ${named}. Make them shorter, or fewer. ${where}`,
      };
    case 'scope_changed':
      return {
        code: 'OTEL_SETUP_SCOPE_CHANGED',
        level: 'warn',
        message: `The name or the attributes of an instrumentation scope were cut, renamed or left out, to be within Loki's limits: ${named}. Make them shorter, or fewer. ${where}`,
      };
  }
}

function list(names: readonly string[]): string {
  const few = names.slice(0, 5).map((name) => `"${cutText(name, 140)}"`);
  const more = names.length - few.length;
  return more > 0 ? `${few.join(', ')} and ${more} more` : few.join(', ');
}
