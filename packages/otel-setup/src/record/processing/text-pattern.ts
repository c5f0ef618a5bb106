// What a rule's pattern becomes: a text in RE2's syntax runs on RE2, a RegExp as it is.

import type { RE2JS } from 're2js';
import { loadRe2 } from './load-re2.ts';

export interface TextPattern {
  test(text: string): boolean;
  /** As RE2 reads it; undefined for a RegExp, which RE2 may not know. */
  readonly source: string | undefined;
}

/** Why a text is no pattern; the message continues "the pattern ...". */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** UTF-16 units that a RegExp sees: it backtracks, so that a bad one may take seconds for thirty of them. */
const maxScanned = 4_096;

const maxLength = 1_000;

/** @throws {PatternError} where RE2 refuses it, or is not there */
export function textPattern(source: string): TextPattern {
  if (source.length > maxLength) {
    throw new PatternError(`is longer than ${maxLength} characters`);
  }
  const pattern = compile(source);
  return { source, test: (text) => pattern.test(text) };
}

function compile(source: string): RE2JS {
  const re2 = loadRe2();
  if (re2 === undefined) {
    throw new PatternError(
      'needs the package re2js, a dependency of otel-setup that is not there: install it again, or copy it along',
    );
  }
  try {
    return re2.RE2JS.compile(source);
  } catch (error) {
    throw new PatternError(`is not in RE2's syntax: ${(error as Error).message}`, { cause: error });
  }
}

export function regExpPattern(given: RegExp): TextPattern {
  // With `g` or `y` a RegExp remembers where it stopped.
  const regexp = new RegExp(given.source, given.flags.replace(/[gy]/g, ''));
  return {
    source: undefined,
    test: (text) => regexp.test(text.length <= maxScanned ? text : text.slice(0, maxScanned)),
  };
}
