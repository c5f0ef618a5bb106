// What loadConfig() returns: frozen and complete; nothing else in the package reads the environment.

import type { Notice } from '../errors.ts';
import type { Rule } from '../record/processing/rules.ts';
import type { RedactionOptions } from '../record/redaction/redaction-options.ts';

export type RouteName = 'direct' | 'alloy' | 'none';

/** Where records go: one endpoint with the credentials and certificates that belong to it. */
export interface Endpoint {
  /** The full URL of the POST, `/v1/logs` included, without user-info. */
  readonly url: string;
  /** Lower-case names; values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Paths of PEM files; read (and re-read when they change) by the sender. */
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
  /** The name of the setting to look at when the server refuses: for notices. */
  readonly settings: { readonly url: string; readonly credentials: string };
}

export interface SpoolConfig {
  readonly durability: 'record' | 'memory';
  /** Candidates in their order; the first that is writable and ours is taken. */
  readonly roots: readonly { readonly path: string; readonly from: string }[];
  /** Bytes; undefined: 512 MiB, 128 MiB on Kubernetes, 32 MiB on a tmpfs. */
  readonly maxBytes: number | undefined;
  readonly onKubernetes: boolean;
}

export interface Config {
  /** The chosen route; `none` also stands for OTEL_SDK_DISABLED and OTEL_LOGS_EXPORTER=none. */
  readonly route: RouteName;
  /** Why this route was chosen, for the start line. */
  readonly routeReason: string;
  /** Missing where the route is `none`, or where its endpoint could not be read (told in `notices`). */
  readonly endpoint: Endpoint | undefined;
  /** `reference`: OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json, the upstream parts as they come. */
  readonly pipeline: 'spool' | 'reference';
  readonly timeoutMs: number;
  readonly compression: 'gzip' | 'none';
  readonly proxy: {
    readonly http: string | undefined;
    readonly https: string | undefined;
    readonly no: string | undefined;
  };
  readonly spool: SpoolConfig;
  readonly logger: { readonly level: string; readonly console: 'pretty' | 'json' | 'off' };
  readonly limits: { readonly attributeCount: number; readonly attributeValueLength: number };
  /** Severity numbers of levels, by name: the user's own table. */
  readonly severities: Readonly<Record<string, number>>;
  /** `false`: nothing is redacted. */
  readonly redaction: RedactionOptions | false;
  /** Every record passes them, in their order; empty where one of them is wrong. */
  readonly rules: readonly Rule[];
  /** Keys of OpenTelemetry baggage that become attributes. */
  readonly baggageKeys: readonly string[];
  /** Resource attributes, service.instance.id included: simple values only. */
  readonly resource: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Where the process runs (`unknown` where nothing tells), and how it is stopped there. */
  readonly platform: {
    readonly name: string;
    readonly stopSignal: string;
    readonly killAfterMs: number;
    /** Whether what is written outside a mounted volume ends with the container or the machine. */
    readonly isEphemeral: boolean;
  };
  /** OTEL_LOG_LEVEL: which notices are printed. */
  readonly noticeLevel: 'none' | 'error' | 'warn' | 'info' | 'debug';
  /** OTEL_BLRP_*, for the reference pipeline. */
  readonly batchProcessor: {
    readonly scheduledDelayMillis?: number;
    readonly exportTimeoutMillis?: number;
    readonly maxQueueSize?: number;
    readonly maxExportBatchSize?: number;
  };
  /** Every problem and every repair, in the order found. */
  readonly notices: readonly Notice[];
  /** Problems in the environment that left something out: the first notice lists them all. */
  readonly problems: readonly string[];
}
