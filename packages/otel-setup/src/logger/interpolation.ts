// Hot path: runs on the caller's thread for every record.
// The only format of the logger that init() makes: `%s` and its like, filled in; and a line where somebody reads one.

import { fillIn } from '../record/fill-in.ts';
import { type Info, splatSymbol } from '../record/info.ts';

/**
 * As logform's splat fills them in; it, however, would lay further arguments over the record's own
 * level, and take texts among them apart by their characters. An info whose text has no `%` stays as it is.
 */
export class Interpolation {
  readonly #withLine: (info: Info) => Info;

  constructor(withLine: (info: Info) => Info) {
    this.#withLine = withLine;
  }

  transform(info: Info): Info {
    return this.#withLine(this.#filled(info));
  }

  #filled(info: Info): Info {
    const given = info[splatSymbol];
    if (given === undefined) {
      return info;
    }
    try {
      const { message } = info;
      if (typeof message !== 'string' || !message.includes('%')) {
        return info;
      }
      return filledIn(info, message, given);
    } catch {
      // A value that cannot be turned into text leaves its token as it is.
      return info;
    }
  }
}

function filledIn(info: Info, message: string, given: readonly unknown[]): Info {
  const { count, text } = fillIn(message, given);
  const filled = info as Record<PropertyKey, unknown>;
  filled.message = text;
  filled[splatSymbol] = given.filter((value, i) => i < count || !isLaidOver(filled, value));
  return info;
}

/** Fields that the record has already stay its own. True where it has taken all of the object's. */
function isLaidOver(filled: Record<PropertyKey, unknown>, fields: unknown): boolean {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return false;
  }
  const entries = Object.entries(fields);
  const fresh = entries.filter(([key]) => !Object.hasOwn(filled, key));
  for (const [key, value] of fresh) {
    filled[key] = value;
  }
  return entries.length > 0 && fresh.length === entries.length;
}
