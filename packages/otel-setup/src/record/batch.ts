// Records in their stored form, as they lie in the ring or in a segment: encoded once, never changed.

/** What a record is logged under. Both parts are OTLP fields with tag and length, ready to be copied. */
export interface Definition {
  /** Field 1 of ResourceLogs (and field 3, the schema URL, where there is one). */
  readonly resource: Uint8Array;
  /** Field 1 of ScopeLogs (and field 3, the schema URL, where there is one). */
  readonly scope: Uint8Array;
}

/**
 * A run of records in their order, column by column; record `i` is `bytes[starts[i]..ends[i]]`, an
 * encoded LogRecord without tag and length. All definitions of a batch have byte-equal resources.
 * The memory stays untouched until the batch is settled.
 */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  /** Sequence numbers, strictly rising. */
  readonly seqs: ArrayLike<number>;
  readonly definitions: ArrayLike<Definition>;
  readonly count: number;
}
