// Name resolution from a table that can be changed while the process runs.

import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Host to its addresses in their order, or to the code of an error. Hosts that are not named resolve as usual. */
export type LookupFaults = Readonly<Record<string, readonly string[] | string>>;

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

export class WildLookup {
  table: LookupFaults;
  readonly #real: LookupFunction;

  constructor(real: LookupFunction, table: LookupFaults) {
    this.#real = real;
    this.table = table;
  }

  readonly lookup = (host: string, options: LookupOptions, callback: Callback): void => {
    const answer = Object.hasOwn(this.table, host) ? this.table[host] : undefined;
    if (answer === undefined) this.#real(host, options, callback);
    else if (typeof answer === 'string') setImmediate(fail, host, answer, callback);
    else setImmediate(succeed, answer, options.all === true, callback);
  };
}

function fail(host: string, code: string, callback: Callback): void {
  const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), {
    code,
    syscall: 'getaddrinfo',
  });
  callback(error, '');
}

function succeed(answer: readonly string[], all: boolean, callback: Callback): void {
  const addresses = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const [first] = addresses;
  if (all) callback(null, addresses);
  else callback(null, first?.address ?? '', first?.family);
}
