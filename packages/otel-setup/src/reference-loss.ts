// What the upstream exporter has given up, in our words: by itself it says nothing.

import { describeFailure } from './deliver/failure.ts';
import { judge } from './deliver/outcome.ts';
import { type RouteNames, type TroubleKind, troubleNotice } from './deliver/trouble.ts';
import { cleanWords } from './deliver/words.ts';
import type { Notice } from './errors.ts';

// All that the upstream exporter tells of an answer that it has tried again for.
const retryable = 'Export failed with retryable status';

/** @param error of the upstream exporter's result: with the status as `code` and the answer as `data`, or of Node. */
export function lossNotice(
  count: number,
  error: unknown,
  { names, secrets }: { readonly names: RouteNames; readonly secrets: readonly string[] },
): Notice {
  const { kind, words } = troubleOf(error);
  const { code, message } = troubleNotice(kind, names, cleanWords(words, secrets));
  const lost = count === 1 ? 'one record' : `${count} records`;
  return {
    code,
    level: 'error',
    message: `${message} The upstream exporter has given up ${lost}: lost, as this pipeline keeps nothing.`,
  };
}

function troubleOf(error: unknown): { kind: TroubleKind; words: string } {
  const { code, data, message } = Object(error) as Record<string, unknown>;
  if (code === undefined && message === retryable) {
    return { kind: 'server-error', words: 'HTTP 429, 502, 503 or 504, until its time was over' };
  }
  if (typeof code !== 'number') {
    const failure = describeFailure(error);
    return { kind: failure.kind === 'aborted' ? 'network' : failure.kind, words: failure.message };
  }
  const headers = { contentType: undefined, retryAfter: undefined, date: undefined };
  const body = Buffer.from(typeof data === 'string' ? data : '');
  const answer = { type: 'answer', status: code, headers, body, cut: false, wireBytes: 0 } as const;
  const outcome = judge(answer, Date.now());
  return 'trouble' in outcome
    ? { kind: outcome.trouble, words: outcome.words }
    : { kind: 'rejected', words: outcome.words };
}
