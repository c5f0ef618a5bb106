// Work that may hang, with an end.

import type { Clock } from '../../world.ts';

/** The result, or `late` after `timeoutMs`; the work is told by its signal. Rejects as the work does. */
export async function within<T>(
  clock: Clock,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'late'> {
  const abort = new AbortController();
  let stop: (value: 'late') => void = () => undefined;
  const late = new Promise<'late'>((resolve) => {
    stop = resolve;
  });
  const timer = clock.setTimeout(() => {
    stop('late');
    abort.abort();
  }, timeoutMs);
  try {
    return await Promise.race([work(abort.signal), late]);
  } finally {
    clock.clearTimeout(timer);
  }
}

export function pause({ clock }: { readonly clock: Clock }, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, delayMs);
  });
}
