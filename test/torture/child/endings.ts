// The ways in which a process ends.

import type { Ending } from '../plan.ts';
import type { Link } from './link.ts';

export function end(how: Ending, link: Link): void {
  switch (how) {
    case 'natural':
      link.close();
      return;
    case 'exit':
      process.exit(3);
      return;
    case 'throw':
      setImmediate(() => {
        throw new Error('the application threw');
      });
      return;
    case 'reject':
      void Promise.reject(new Error('the application rejected'));
      return;
    case 'abort':
      process.abort();
      return;
    case 'reallyExit':
      (process as unknown as { reallyExit(code: number): void }).reallyExit(4);
      return;
    case 'oom':
      fillHeap();
      return;
    default:
      process.kill(process.pid, how);
  }
}

function fillHeap(): void {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
}
