// Loki's limits with the defaults of a stock Loki.

export interface LokiLimits {
  /** Oldest record taken, in ms before now. @default 7 days */
  maxAgeMs: number;
  /** Newest record taken, in ms after now. @default 10 minutes */
  maxAheadMs: number;
  /** How far, in ms, a record may lie behind the newest one of its stream. @default 1 hour */
  maxBehindMs: number;
  /** @default 256 KiB */
  maxLineBytes: number;
  /** Names and values of a record's structured metadata together. @default 64 KiB */
  maxMetadataBytes: number;
  /** @default 128 */
  maxMetadataCount: number;
  /** Index labels besides `service_name`. @default 15 */
  maxLabels: number;
  /** @default 2048 */
  maxLabelValueBytes: number;
  /** @default 5000 */
  maxStreams: number;
  /** A stream nobody wrote to for so long is forgotten, in ms. @default 30 minutes */
  streamIdleMs: number;
  /** Size of the block within which a repeated record is recognised. @default 256 KiB */
  headBlockBytes: number;
  /** The request as it goes to the ingester, each record with its copy of the resource. @default 4 MiB */
  maxMessageBytes: number;
  /** Bytes per second over all streams; 0 is off. Loki's own default is 4 MiB. @default 0 */
  ingestionRateBytes: number;
  /** @default 6 MiB */
  ingestionBurstBytes: number;
  /** Bytes per second and stream; 0 is off. Loki's own default is 3 MiB. @default 0 */
  streamRateBytes: number;
  /** @default 15 MiB */
  streamBurstBytes: number;
  /** The body as it is sent. @default 100 MiB */
  maxBodyBytes: number;
  /** The body when unpacked. Loki's own default is 5000 MiB. @default 256 MiB */
  maxUnpackedBytes: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;
const minute = 60_000;

export const defaultLimits: Readonly<LokiLimits> = {
  maxAgeMs: 7 * 24 * 60 * minute,
  maxAheadMs: 10 * minute,
  maxBehindMs: 60 * minute,
  maxLineBytes: 256 * KiB,
  maxMetadataBytes: 64 * KiB,
  maxMetadataCount: 128,
  maxLabels: 15,
  maxLabelValueBytes: 2048,
  maxStreams: 5000,
  streamIdleMs: 30 * minute,
  headBlockBytes: 256 * KiB,
  maxMessageBytes: 4 * MiB,
  ingestionRateBytes: 0,
  ingestionBurstBytes: 6 * MiB,
  streamRateBytes: 0,
  streamBurstBytes: 15 * MiB,
  maxBodyBytes: 100 * MiB,
  maxUnpackedBytes: 256 * MiB,
};
