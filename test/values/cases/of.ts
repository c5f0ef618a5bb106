import type { Case, Expected } from '../case.ts';

type Fields = { readonly [key: string]: Expected };

/** A value in the field `value`, and what it becomes there. */
export function of(name: string, code: string, value: Expected, marks: Fields = {}): Case {
  return { name, code: `logger.info('m', { value: ${code} })`, fields: { value, ...marks } };
}
