// The part of init()'s options that is data: what the environment can say too, and tables.

import type { Processing } from '../record/processing/processing.ts';
import type { RedactionOptions } from '../record/redaction/redaction-options.ts';
import type { SeverityName } from '../record/severity.ts';
import type { RouteName } from './config.ts';

/** What a resource attribute may be. */
export type ResourceValue = string | number | boolean | readonly string[];

/**
 * Each field beats its environment variable; `undefined` and empty text leave it to the environment.
 * Endpoint and headers travel as one set: an endpoint given here is never sent headers of the environment.
 */
export interface ConfigOptions {
  /**
   * Where records go: to Grafana Cloud or a Loki directly, to Grafana Alloy, or nowhere but the console.
   * @default LOG_ROUTE, else by what is set
   */
  readonly route?: RouteName | undefined;
  /** @default OTEL_SERVICE_NAME, else the platform's name, else package.json's, else `unknown_service:node` */
  readonly serviceName?: string | undefined;
  /** @default the platform's version, else that of package.json */
  readonly serviceVersion?: string | undefined;
  /** `service.namespace`, an index label in Loki: a team, or a product of several services. @default that of OTEL_RESOURCE_ATTRIBUTES, else the platform's, else none */
  readonly serviceNamespace?: string | undefined;
  /** `deployment.environment.name`, for instance `production`. NODE_ENV is not read. */
  readonly environment?: string | undefined;
  /** Further resource attributes; they beat OTEL_RESOURCE_ATTRIBUTES entry by entry. */
  readonly resourceAttributes?: Readonly<Record<string, ResourceValue>> | undefined;
  /** OTLP/HTTP base URL for the chosen route, whichever it is; `/v1/logs` is appended. */
  readonly endpoint?: string | undefined;
  /** Request headers for `endpoint`; needs it. Values are secrets. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The direct route to Grafana Cloud; serves `direct` only. Its fields may come from the environment one by one. */
  readonly grafanaCloud?:
    | {
        /** `https://otlp-gateway-<zone>.grafana.net/otlp` @default GRAFANA_CLOUD_OTLP_ENDPOINT */
        readonly endpoint?: string | undefined;
        /** The stack's OTLP instance id, a number. @default GRAFANA_CLOUD_INSTANCE_ID */
        readonly instanceId?: string | number | undefined;
        /** An access policy token `glc_...` with scope `logs:write`. @default GRAFANA_CLOUD_API_KEY */
        readonly apiKey?: string | undefined;
      }
    | undefined;
  /** The route by way of Grafana Alloy; serves `alloy` only. */
  readonly alloy?:
    | {
        /** Base URL of `otelcol.receiver.otlp`. @default ALLOY_OTLP_ENDPOINT, else `http://localhost:4318` */
        readonly endpoint?: string | undefined;
        /** @default ALLOY_OTLP_HEADERS, unless `endpoint` is given here */
        readonly headers?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** Path of a PEM file with the certificate authorities to trust beside Node's own, on the chosen route. */
  readonly certificate?: string | undefined;
  /** Path of the PEM file with the client's private key. Needs `clientCertificate`. */
  readonly clientKey?: string | undefined;
  /** Path of the PEM file with the client's certificate. Needs `clientKey`. */
  readonly clientCertificate?: string | undefined;
  /** Milliseconds one attempt to send may take, 1 to 2147483647. @default OTEL_EXPORTER_OTLP_LOGS_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT, else 10000 */
  readonly timeoutMs?: number | undefined;
  /** Of requests (`Content-Encoding`). @default OTEL_EXPORTER_OTLP_LOGS_COMPRESSION, OTEL_EXPORTER_OTLP_COMPRESSION, else 'gzip' */
  readonly compression?: 'gzip' | 'none' | undefined;
  /** The least severe level that is logged, one of winston's npm levels; of the logger that `init()` makes. @default LOG_LEVEL, else 'info' */
  readonly level?: string | undefined;
  /** What the console of the logger that `init()` makes shows. @default LOG_CONSOLE, else 'pretty' on a terminal, else 'json' */
  readonly console?: 'pretty' | 'json' | 'off' | undefined;
  /** `record`: on disk before the log call returns. `memory`: a ring of 8 MiB only. @default LOG_DURABILITY, else 'record' */
  readonly durability?: 'record' | 'memory' | undefined;
  /** Directory of the spool. @default LOG_SPOOL_DIR, else the state directory of systemd, of the user, or the temporary one */
  readonly spoolDir?: string | undefined;
  /** Bytes on disk over all processes, 1 MiB or more. @default LOG_SPOOL_MAX_BYTES, else 512 MiB, 128 MiB on Kubernetes, 32 MiB on a tmpfs */
  readonly spoolMaxBytes?: number | undefined;
  /** Attributes a record keeps. @default OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_COUNT_LIMIT, else 128 */
  readonly attributeCountLimit?: number | undefined;
  /** Characters (UTF-16 units) a string attribute keeps. @default OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, else no limit */
  readonly attributeValueLengthLimit?: number | undefined;
  /**
   * Severities of levels, by name: an OpenTelemetry number from 1 to 24, or the text that stands for one.
   * @default npm's, syslog's and cli's levels as OpenTelemetry maps them; others by their rank
   */
  readonly severityMapping?: Readonly<Record<string, SeverityName | number>> | undefined;
  /**
   * What is redacted besides the secrets that always are; `false`: nothing is redacted at all.
   * @default texts under secret keys, and secrets that their shape gives away: see docs/redaction.md
   */
  readonly redaction?: RedactionOptions | false | undefined;
  /**
   * Rules that every record passes: drop, sample, limit, rename, add, remove. See docs/processing.md
   * @default the rules of the JSON file that LOG_PROCESSING names, else none
   */
  readonly processing?: Processing | undefined;
  /** Entries of the active OpenTelemetry baggage that become attributes, by their exact keys. @default none */
  readonly baggageKeys?: readonly string[] | undefined;
}
