// The application's own processors: what one of them throws or holds up is told, and reaches neither the application
// nor the processors beside it.

import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Notice } from './errors.ts';
import { FLUSH_MS, SHUTDOWN_MS, timeoutOf } from './lifecycle/finish.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import { within } from './lifecycle/within.ts';
import { processorNotice, unflushedNotice } from './own-records.ts';
import { isThenable } from './thenable.ts';
import type { Clock } from './world.ts';

export function guardProcessors(
  processors: readonly LogRecordProcessor[],
  notice: (notice: Notice) => void,
): LogRecordProcessor[] {
  return processors.map((processor) => guarded(processor, notice));
}

function guarded(
  processor: LogRecordProcessor,
  notice: (notice: Notice) => void,
): LogRecordProcessor {
  const failed = (error: unknown): void => notice(processorNotice(error));
  let ended: Promise<void> | undefined;
  return {
    onEmit(record, context) {
      try {
        const work: unknown = processor.onEmit(record, context);
        // Of an `async onEmit`: nobody else waits for it, and its rejection would end the process.
        if (isThenable(work)) work.then(undefined, failed);
      } catch (error) {
        failed(error);
      }
    },
    // Absent, it means yes: asking one that has none is the same.
    enabled(options) {
      try {
        return processor.enabled?.(options) ?? true;
      } catch (error) {
        failed(error);
        return true;
      }
    },
    forceFlush: async (options) => {
      await processor.forceFlush?.(options);
    },
    // Once, whoever asks: init()'s shutdown() and the provider's own may both.
    shutdown() {
      ended ??= (async () => {
        await processor.shutdown?.();
      })();
      return ended;
    },
  };
}

/** flush() and shutdown() that take the application's processors along, each within the same time. */
export function withGuests(
  own: Lifecycle,
  guests: readonly LogRecordProcessor[],
  { clock, notice }: { readonly clock: Clock; readonly notice: (notice: Notice) => void },
): Lifecycle {
  if (guests.length === 0) return own;
  const all = (work: (guest: LogRecordProcessor) => Promise<void>, timeoutMs: number) =>
    within(clock, timeoutMs, () =>
      Promise.all(
        guests.map((guest) => work(guest).catch((error) => notice(unflushedNotice(error)))),
      ),
    );
  let ended: ReturnType<Lifecycle['shutdown']> | undefined;
  return {
    async flush(timeoutMs) {
      const timeoutMillis = timeoutOf(timeoutMs, FLUSH_MS);
      const theirs = all((guest) => guest.forceFlush({ timeoutMillis }), timeoutMillis);
      const [finished] = await Promise.all([own.flush(timeoutMs), theirs]);
      return finished;
    },
    shutdown(timeoutMs) {
      ended ??= (async () => {
        const theirs = all((guest) => guest.shutdown(), timeoutOf(timeoutMs, SHUTDOWN_MS));
        const [finished] = await Promise.all([own.shutdown(timeoutMs), theirs]);
        return finished;
      })();
      return ended;
    },
  };
}
