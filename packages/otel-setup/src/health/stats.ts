// The figures that `stats()` gives: a plain frozen snapshot of the ledger.

/**
 * Why a record was given up.
 * - `disk_cap`: the spool reached its cap, and this record was the oldest
 * - `memory_cap`: without a usable disk more waited than 8 MiB of memory hold
 * - `disk_full`: the same, while the disk had less than 5 % (at most 1 GiB) free
 * - `rejected`: the server refused it for good; it lies in quarantine
 * - `too_large`: larger than the server takes, or than the spool does (512 KiB)
 * - `too_old`, `too_new`: outside Loki's window (by default 7 days back, 10 minutes ahead)
 * - `too_far_behind`: more than an hour behind the newest record of its own stream
 * - `partial_success`: the server said that it stored a request only in part (OTLP `rejected_log_records`)
 * - `corrupt`: its bytes on disk were damaged, or deleted
 */
export type DropReason =
  | 'disk_cap'
  | 'memory_cap'
  | 'disk_full'
  | 'rejected'
  | 'too_large'
  | 'too_old'
  | 'too_new'
  | 'too_far_behind'
  | 'partial_success'
  | 'corrupt';

/** Records of one origin. `accepted` = `delivered` + `pending` + the sum of `dropped`, at every moment. */
export interface RecordCounts {
  /** Records taken over: their log call returned, or they were found in a dead process's spool. */
  readonly accepted: number;
  /** Records the endpoint confirmed. On the route `alloy`: handed to Alloy. */
  readonly delivered: number;
  /** Records neither delivered nor dropped yet. */
  readonly pending: number;
  /** Records given up, by reason; a reason that never occurred is absent. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** What the spool says about itself. */
export interface SpoolStats {
  /** `record`: on disk before the log call returns; `memory`: in the ring only; `off`: no route. */
  readonly mode: 'record' | 'memory' | 'off';
  /** This process's directory; undefined where nothing is written. */
  readonly directory: string | undefined;
  /** Bytes of this process's pending records. */
  readonly pendingBytes: number;
  /** Bytes this process's spool takes on disk. */
  readonly diskBytes: number;
  /** Bytes that may wait: on disk over all processes below the same root, or in this one's memory. */
  readonly maxBytes: number;
  /** Age of the oldest pending record in milliseconds; undefined where none is pending. */
  readonly oldestMs: number | undefined;
}

/** What Grafana Cloud allows a whole stack, over all that sends to it. */
export interface FreeTier {
  /** Billed bytes a month. */
  readonly bytesPerMonth: number;
  /** Streams active at the same time; the default of the paid tiers, too. */
  readonly streams: number;
}

// 50 GB: grafana.com/docs/grafana-cloud/cost-management-and-billing/understand-your-invoice/logs-invoice
// 5,000: grafana.com/docs/grafana-cloud/cost-management-and-billing/understand-your-invoice/usage-limits
export const freeTier: FreeTier = Object.freeze({ bytesPerMonth: 50_000_000_000, streams: 5_000 });

/** The ledger of this process since `init()`. */
export interface Stats extends RecordCounts {
  /** `direct`, `alloy` or `none`. */
  readonly route: string;
  /** Records that processing rules took out before they were accepted, by rule. */
  readonly processed: Readonly<Record<string, number>>;
  /** Secrets taken out of records, by rule. */
  readonly redacted: Readonly<Record<string, number>>;
  /** Repairs made to records (a key renamed, a value truncated), by kind. */
  readonly changed: Readonly<Record<string, number>>;
  readonly bytes: {
    /** Bytes of encoded records, before compression. */
    readonly encoded: number;
    /** Bytes of confirmed request bodies as they went over the wire, after compression. */
    readonly sent: number;
    /**
     * Bytes of confirmed records as Loki counts them when it takes them in, and as Grafana Cloud bills
     * them: lines and structured metadata, not compressed. Of a large request it is extrapolated from 64
     * of its records. On the route `alloy`: what it comes to where Alloy changes nothing.
     */
    readonly billed: number;
  };
  /** Streams in Loki that confirmed records went to: distinct sets of index labels. */
  readonly streams: number;
  /** The limits of Grafana Cloud's free tier, for comparison with the figures of all processes. */
  readonly freeTier: FreeTier;
  /** What earlier processes left and this one took over; not contained in the figures above. */
  readonly adopted: RecordCounts;
  /** When the endpoint last confirmed records; undefined: not yet. */
  readonly lastSuccess: Date | undefined;
  /** Where pending records are. */
  readonly spool: SpoolStats;
}
