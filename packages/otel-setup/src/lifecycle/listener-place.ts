// Keeps our listeners at their end of the queue when the application adds its own.

import { soon } from '../world.ts';
import type { Host } from './host.ts';

type Listener = (...parameters: never[]) => void;

/** On each listener of ours, of every pipeline: two that made way for each other would never come to rest. */
const ownSymbol = Symbol.for('otel-setup.listener');

/**
 * Runs `replace(event)` soon after somebody else added a listener for one of `events`. Why: an
 * 'exit' listener that logs must run before ours, and a once-listener in front of ours is gone when
 * ours counts: the application's own handler would go unseen.
 */
export function keepPlace(
  host: Host,
  events: ReadonlySet<unknown>,
  own: ReadonlySet<Listener>,
  replace: (event: string) => void,
): void {
  const waiting = new Set<unknown>();
  for (const listener of own) {
    Object.defineProperty(listener, ownSymbol, { value: true });
  }
  host.on('newListener', (event: unknown, listener: Listener) => {
    if (!events.has(event) || Object.hasOwn(listener, ownSymbol) || waiting.has(event)) return;
    waiting.add(event);
    // 'newListener' comes before the listener is added; the microtask comes after.
    soon(() => {
      waiting.delete(event);
      replace(String(event));
    });
  });
}
