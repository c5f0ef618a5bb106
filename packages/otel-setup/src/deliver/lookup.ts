// Finds a host's addresses without holding up the end of the process. A system look-up cannot be
// given up: with a silent name server the process lives on for 10 s, after process.exit too
// (measured). What asks name servers here can be.

import type { LookupFunction } from 'node:net';
import type { Clock, FileSystem } from '../world.ts';
import { type FoundAddress, findHost, readText } from './hosts-file.ts';
import { candidatesOf } from './search-list.ts';

/** The part of `dns.promises.Resolver` that is used. */
export interface AddressResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  cancel(): void;
}

export interface LookupOptions {
  readonly fs: Pick<FileSystem, 'readFileSync'>;
  readonly clock: Clock;
  /** A new one each time: it reads the machine's name servers anew. Times in ms. */
  readonly createResolver: (times: { timeout: number; tries: number }) => AddressResolver;
  /** The system's, for what DNS does not know: mDNS, NetBIOS, other modules of nsswitch.conf. */
  readonly lookup: LookupFunction;
}

// An unanswered question holds the process, and a lost packet must not fail an attempt.
const mostMs = 1000;
const askAgainMs = 400;
// c-ares turns to the next server after its 400 ms; the system would wait 5 s for the first.
const promptMs = 300;

/** Asks anew each time, for both families. */
export function createLookup(options: LookupOptions): LookupFunction {
  return (hostname, query, callback) => {
    find(hostname.toLowerCase(), options).then(
      (found) => {
        const [first] = found;
        if (first === undefined) options.lookup(hostname, query, callback);
        else if (query.all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

/** Empty where DNS answers at once that there is no such name: then the system may be asked. */
async function find(name: string, options: LookupOptions): Promise<readonly FoundAddress[]> {
  const known = findHost(name, options.fs);
  if (known.length > 0) return known;
  const { clock, createResolver } = options;
  const resolver = createResolver({ timeout: askAgainMs, tries: 2 });
  const timer = clock.setTimeout(() => resolver.cancel(), mostMs);
  timer.unref();
  try {
    const names = candidatesOf(name, readText('/etc/resolv.conf', options.fs));
    return await askInTurn(names, resolver, clock);
  } finally {
    clock.clearTimeout(timer);
  }
}

async function askInTurn(
  names: readonly string[],
  resolver: AddressResolver,
  clock: Clock,
): Promise<readonly FoundAddress[]> {
  let isPrompt = true;
  for (const name of names) {
    const askedMs = clock.monotonic();
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(name),
      resolver.resolve6(name),
    ]);
    // IPv4 first: most containers have no IPv6, and the first address names the failure.
    const found = [...addressesOf(four, 4), ...addressesOf(six, 6)];
    if (found.length > 0) return found;
    if (isSilence(four) || isSilence(six)) {
      throw dnsError('EAI_AGAIN', 'the name server does not answer');
    }
    isPrompt &&= clock.monotonic() - askedMs < promptMs;
  }
  if (isPrompt) return [];
  throw dnsError('ENOTFOUND', 'no such host name');
}

function addressesOf(answer: PromiseSettledResult<string[]>, family: number): FoundAddress[] {
  if (answer.status === 'rejected') return [];
  return answer.value.map((address) => ({ address, family }));
}

function isSilence(answer: PromiseSettledResult<string[]>): boolean {
  if (answer.status === 'fulfilled') return false;
  return ['ETIMEOUT', 'ECANCELLED'].includes((answer.reason as NodeJS.ErrnoException).code ?? '');
}

function dnsError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
