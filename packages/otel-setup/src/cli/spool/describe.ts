// Services and directories in a few words.

import { countOf, spanOf } from '../../health/words.ts';
import type { Terminal } from '../terminal.ts';
import { bytesOf } from '../text.ts';
import type { Damage, DirectorySurvey, QuarantineSurvey, ServiceSurvey } from './survey.ts';

export function serviceTitle(service: ServiceSurvey): string {
  const { name, namespace, environment, key } = service;
  const whole = [namespace, name ?? `(unnamed, ${key.slice(0, 8)})`].filter(Boolean).join('/');
  return environment === undefined ? whole : `${whole} (${environment})`;
}

export function stateOf(directory: DirectorySurvey, terminal: Terminal, here: string): string {
  const { adoptedBy, host, pid, state } = directory;
  const where = host === undefined || host === here ? '' : ` on ${host}`;
  const who = adoptedBy === undefined ? `pid ${pid ?? '?'}${where}` : `held by ${adoptedBy}`;
  return `${terminal.paint(state, state === 'alive' ? '32' : '33')}, ${who}`;
}

export function routeOf({ route, origin }: DirectorySurvey): string {
  return [route, origin].filter(Boolean).join(' ') || '?';
}

export function ageOf(ms: number | undefined, now: number): string {
  return ms === undefined ? '-' : spanOf(Math.max(0, now - ms));
}

export function recordsOf(count: number): string {
  return `${countOf(count)} ${count === 1 ? 'record' : 'records'}`;
}

export function damageOf({ missing, orphaned, unreadBytes, unreadFiles }: Damage): string {
  const parts = [
    missing > 0 ? `${recordsOf(missing)} missing` : '',
    orphaned > 0 ? `${recordsOf(orphaned)} without their resource` : '',
    unreadBytes > 0 ? `${bytesOf(unreadBytes)} at the end of a file unreadable` : '',
    unreadFiles > 0
      ? `${countOf(unreadFiles)} ${unreadFiles === 1 ? 'file' : 'files'} that this user cannot read`
      : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Why a directory is left alone that may be a living process's. */
export function unclearOf(id: string): string {
  return `${id}: whether its process lives cannot be asked, for its lock is another user's; left alone. Run this as that user, or as root.`;
}

export function unreadableOf(lines: number): string {
  return `${countOf(lines)} unreadable ${lines === 1 ? 'line' : 'lines'}`;
}

export function quarantineOf(quarantine: QuarantineSurvey): string {
  const reasons = Object.entries(quarantine.reasons).map(
    ([reason, count]) => `${countOf(count)} ${reason}`,
  );
  const damaged = quarantine.damaged > 0 ? [unreadableOf(quarantine.damaged)] : [];
  const why = [...reasons, ...damaged].join(', ');
  return `${recordsOf(quarantine.records)}, ${bytesOf(quarantine.bytes)}${why === '' ? '' : `: ${why}`}`;
}
