// Why an application's own code failed, as a notice may say it: an Error's text can hold a secret like any other.

import { createRedactor } from './record/redaction/redactor.ts';

const maxReason = 200;

/** At most 200 characters, without secrets. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error;
  }
  const text = `${error.name}: ${error.message}`.slice(0, maxReason);
  return createRedactor({}, () => undefined)?.text(text) ?? text;
}
