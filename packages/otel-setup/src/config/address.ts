// Which addresses and host names records may go to, and which of them are public. Pure.

import { isIPv4, isIPv6 as matchesIPv6 } from 'node:net';

/** Names that only a private network answers for. */
const privateSuffixes = [
  'localhost',
  'internal',
  'local',
  'svc',
  'cluster.local',
  'flycast',
  'lan',
  'home.arpa',
];

/** [network, prefix length]. */
const privateNetworks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
];

/** Link-local and metadata addresses: whatever answers there hands out the machine's own credentials. */
export function isForbiddenAddress(ip: string): boolean {
  const groups = groupsOf(ip);
  if (groups === undefined) return false;
  const v4 = embeddedV4(groups);
  if (v4 !== undefined) {
    return inNetwork(v4, '169.254.0.0', 16) || inNetwork(v4, '100.100.100.200', 32);
  }
  const linkLocal = ((groups[0] ?? 0) & 0xffc0) === 0xfe80;
  return linkLocal || groups.join() === [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254].join();
}

/** True for everything that is not loopback, private, shared or link-local, unreadable text included. */
export function isPublicAddress(ip: string): boolean {
  const groups = groupsOf(ip);
  if (groups === undefined) return true;
  const v4 = embeddedV4(groups);
  if (v4 !== undefined) return !privateNetworks.some(([net, bits]) => inNetwork(v4, net, bits));
  const first = groups[0] ?? 0;
  const loopback = groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1;
  return !(loopback || (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80);
}

/** By name or literal address. A name of two labels is `service.namespace` on Kubernetes. */
export function isPublicHost(host: string, onKubernetes: boolean): boolean {
  const bare = bareHost(host);
  if (isIPv4(bare) || isIPv6(bare)) return isPublicAddress(bare);
  const labels = bare.split('.').length;
  if (labels === 1 || (onKubernetes && labels === 2 && !isGrafanaHost(bare))) return false;
  return !privateSuffixes.some((suffix) => bare.endsWith(`.${suffix}`));
}

export function isGrafanaHost(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'grafana.net' || bare.endsWith('.grafana.net');
}

/** Lower case, without the brackets of IPv6 and the dot at the end. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Node compiles an expression of 2.7 ms at the first question: names are spared it. */
function isIPv6(text: string): boolean {
  return text.includes(':') && matchesIPv6(text);
}

function inNetwork(address: number, network: string, bits: number): boolean {
  const mask = (0xffffffff << (32 - bits)) >>> 0;
  return (address & mask) >>> 0 === (v4Of(network) & mask) >>> 0;
}

function v4Of(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The eight 16-bit groups of an address; IPv4 as its IPv6-mapped form. */
function groupsOf(ip: string): readonly number[] | undefined {
  const bare = bareHost(ip).replace(/%.*$/, '');
  if (isIPv4(bare)) return [0, 0, 0, 0, 0, 0xffff, v4Of(bare) >>> 16, v4Of(bare) & 0xffff];
  if (!isIPv6(bare)) return undefined;
  const [head = '', tail] = bare.split('::');
  const left = parseGroups(head);
  if (tail === undefined) return left;
  const right = parseGroups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function parseGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    return [v4Of(part) >>> 16, v4Of(part) & 0xffff];
  });
}

/** IPv4 inside IPv6: mapped, compatible (but for :: and ::1), NAT64 and 6to4 reach the same machine. */
function embeddedV4(groups: readonly number[]): number | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  if (a === 0x2002) return b * 65536 + c;
  const low = g * 65536 + h;
  if (a === 0x64 && b === 0xff9b && (c | d | e | f) === 0) return low;
  if ((a | b | c | d | e) !== 0) return undefined;
  if (f === 0xffff) return low;
  return f === 0 && low > 1 ? low : undefined;
}
