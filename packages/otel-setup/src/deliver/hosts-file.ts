// Names that this machine knows by itself: /etc/hosts, and localhost.

import { isIP } from 'node:net';
import type { FileSystem } from '../world.ts';

export type HostsFile = Pick<FileSystem, 'readFileSync'>;

export interface FoundAddress {
  readonly address: string;
  readonly family: number;
}

const loopback: readonly FoundAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Empty where the name has to be asked for. A long file costs one search. */
export function findHost(hostname: string, fs: HostsFile): readonly FoundAddress[] {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const text = readText('/etc/hosts', fs);
  const found = text.toLowerCase().includes(name) ? searchLines(text, name) : [];
  // RFC 6761: loopback, whatever a name server says. Small images have no /etc/hosts.
  const isLoopback = name === 'localhost' || name.endsWith('.localhost');
  return found.length === 0 && isLoopback ? loopback : found;
}

function searchLines(text: string, name: string): readonly FoundAddress[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').toLowerCase().trim().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && names.includes(name) ? [{ address, family }] : [];
  });
}

/** '' where there is no such file: Windows has none. */
export function readText(path: string, fs: HostsFile): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    // What the system knows beyond DNS, the system is asked for.
    return '';
  }
}
