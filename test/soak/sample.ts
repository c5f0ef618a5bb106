// What a logging process says of itself every second.

export interface Counts {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Ledger extends Counts {
  readonly adopted: Counts;
}

export interface Sample {
  readonly writer: string;
  /** The last one: logging has ended and nothing is pending. */
  readonly isFinal: boolean;
  readonly rss: number;
  readonly heap: number;
  /** Memory outside of the heap that objects hold: buffers. */
  readonly external: number;
  /** Active resources without timers. */
  readonly handles: number;
  readonly timers: number;
  readonly descriptors: number;
  readonly ledger: Ledger;
}

export const sumOf = (dropped: Counts['dropped']): number =>
  Object.values(dropped).reduce((total, count) => total + count, 0);

export const isExact = ({ accepted, delivered, dropped, pending }: Counts): boolean =>
  pending >= 0 && accepted === delivered + pending + sumOf(dropped);
