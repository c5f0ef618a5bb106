// One line for a request that did not go well.

import type { RequestEntry } from '../store.ts';
import { clip, escapeControls, paint } from './text.ts';

const maxMessage = 300;
const firstRefusal = 205;

/** Undefined for a request whose records were taken. */
export function renderRequest(request: RequestEntry, colour: boolean): string | undefined {
  const { status, message, path, fault, rejected } = request;
  const isTaken = status >= 200 && status < firstRefusal && rejected === 0;
  if (isTaken && fault === undefined) return undefined;
  const outcome = status === 0 ? 'no answer' : String(status);
  const parts = [
    `${request.method} ${clip(path, maxMessage)}: ${outcome}`,
    rejected > 0 ? `${rejected} rejected` : '',
    fault === undefined ? '' : `fault ${fault}`,
    clip(message, maxMessage),
  ];
  const text = escapeControls(parts.filter((part) => part !== '').join(', '));
  return paint(`! ${text}`, '33', colour);
}
