// The last words of a process: what it leaves behind, and where.

import type { Stats } from './stats.ts';
import { countOf } from './words.ts';

/**
 * The sum of the ledger as one sentence; undefined where everything arrived and was told. `spoolPlace` is the
 * directory that keeps what is pending; undefined where nothing does. `held`: troubles that nobody was told of yet.
 */
export function closingLine(
  stats: Stats,
  spoolPlace: string | undefined,
  held: readonly string[],
): string | undefined {
  const dropped = droppedIn(stats.dropped, '') + droppedIn(stats.adopted.dropped, '');
  const pending = stats.pending + stats.adopted.pending;
  if (pending === 0 && dropped === '' && held.length === 0) return undefined;
  const arrived = stats.route === 'alloy' ? 'handed to Alloy' : 'delivered';
  const parts = [
    `closing: ${countOf(stats.accepted)} accepted`,
    `${countOf(stats.delivered)} ${arrived}`,
    pendingIn(stats.pending, spoolPlace),
    droppedIn(stats.dropped, 'dropped'),
  ];
  const { adopted } = stats;
  if (adopted.accepted > 0) {
    parts.push(
      `of ${countOf(adopted.accepted)} left by earlier processes ${countOf(adopted.delivered)} ${arrived}`,
      adopted.pending > 0 ? `${countOf(adopted.pending)} still in the spool` : '',
      droppedIn(adopted.dropped, 'dropped'),
    );
  }
  const sum = parts.filter((part) => part !== '').join(', ');
  return held.length === 0 ? sum : `${sum}; not told yet: ${held.join(', ')}`;
}

function pendingIn(count: number, spoolPlace: string | undefined): string {
  if (count === 0) return '';
  const [they, them] = count === 1 ? ['it was', 'it'] : ['they were', 'them'];
  return spoolPlace === undefined
    ? `${countOf(count)} lost: ${they} in memory only`
    : `${countOf(count)} pending in ${spoolPlace}: the next start of this service on this disk sends ${them}`;
}

function droppedIn(dropped: Stats['dropped'], word: string): string {
  const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
  if (reasons.length === 0) return '';
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  const list = reasons.map(([reason, count]) => `${reason} ${countOf(count)}`).join(', ');
  return `${countOf(total)} ${word} (${list})`;
}
