// Where things lie: <root>/v1/<service>/<id>/{owner.json, lock, cursor, 000000000001.seg, ...}. Every component
// is made here, none is taken from a name that somebody chose.

import { createHash } from 'node:crypto';

export const versionDirectory = 'v1';
export const quarantineName = 'quarantine';
export const lockName = 'lock';
export const ownerName = 'owner.json';
export const cursorName = 'cursor';

const idPattern = /^[0-9a-z]{8}$/;
const hiddenPattern = /^\.[0-9a-z]{8}$/;
const servicePattern = /^[0-9a-f]{32}$/;
const segmentPattern = /^(\d{12})\.seg$/;

export const isDirectoryId = (name: string): boolean => idPattern.test(name);
/** A directory that is being made, or whose maker died over it. */
export const isHiddenId = (name: string): boolean => hiddenPattern.test(name);
export const isServiceKey = (name: string): boolean => servicePattern.test(name);

export function serviceKey(service: {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
}): string {
  const text = `${service.namespace}\0${service.name}\0${service.environment}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** `attempt` leads on when the name is taken. */
export function createId(random: () => number, attempt: number): string {
  const ids = 36 ** 8;
  return ((Math.floor(random() * ids) + attempt) % ids).toString(36).padStart(8, '0');
}

export function createUuid(random: () => number): Uint8Array {
  return Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
}

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.seg`;
}

export function segmentNumber(name: string): number | undefined {
  const digits = segmentPattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
