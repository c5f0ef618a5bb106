// What disks, crashes and people do to a file.

export type Damage = (bytes: Buffer, draw: (end: number) => number) => Buffer;

const page = 4096;

/** Each by its name in the failure model. */
export const damages: Readonly<Record<string, Damage>> = {
  'bit flip': (bytes, draw) => {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + draw(8); flips > 0; flips--) {
      const at = draw(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << draw(8));
    }
    return copy;
  },
  truncation: (bytes, draw) => Buffer.from(bytes.subarray(0, draw(bytes.length))),
  'zeroed page': (bytes, draw) => {
    const copy = Buffer.from(bytes);
    const at = draw(Math.ceil(copy.length / page)) * page;
    copy.fill(0, at, Math.min(at + page, copy.length));
    return copy;
  },
  overwrite: (bytes, draw) => {
    const copy = Buffer.from(bytes);
    const at = draw(copy.length);
    for (let index = at; index < Math.min(at + 1 + draw(2 * page), copy.length); index++) {
      copy[index] = draw(256);
    }
    return copy;
  },
  'doubled page': (bytes, draw) => {
    const at = draw(Math.max(1, Math.floor(bytes.length / page) - 1)) * page;
    const once = bytes.subarray(at, at + page);
    // Over the page behind it, or pushed in before it.
    const rest = draw(2) === 0 ? at + 2 * page : at + page;
    return Buffer.concat([bytes.subarray(0, at + page), once, bytes.subarray(rest)]);
  },
  'garbage tail': (bytes, draw) => {
    const tail = Buffer.from(Array.from({ length: 1 + draw(16 * page) }, () => draw(256)));
    return Buffer.concat([bytes, tail]);
  },
};
