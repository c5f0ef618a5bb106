// Maps OTLP to what Loki stores: index labels, structured metadata, line.

import type {
  Attributes,
  AttributeValue,
  DecodedLogRecord,
  DecodedResource,
  DecodedScope,
} from '../decode/logs.ts';
import type { Namer } from './names.ts';
import { isList, textOf } from './text.ts';

export type Pair = readonly [name: string, value: string];

/** The resource attributes that become index labels. */
const indexLabels: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment',
  'deployment.environment.name',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'container.name',
  'k8s.replicaset.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
]);

/** Where Loki looks for a service's name, of those labels that OTLP can give. */
const serviceNames = ['container_name', 'k8s_container_name', 'k8s_job_name'];

export type Labels = Record<string, string>;

export interface MappedResource {
  readonly labels: Labels;
  /** `{a="1", b="2"}`, as Loki names a stream in its answers. */
  readonly stream: string;
  readonly metadata: readonly Pair[];
  /** The name of a label whose text was not valid UTF-8: Loki drops the resource. */
  readonly invalid: string | undefined;
}

export function mapResource(resource: DecodedResource, name: Namer): MappedResource {
  const labels: Labels = {};
  const metadata: Pair[] = [];
  for (const [key, value] of Object.entries(resource.attributes)) {
    const pairs = flatten(key, value, name);
    if (!indexLabels.has(key)) metadata.push(...pairs);
    else for (const [label, text] of pairs) labels[label] = text;
  }
  if (!labels.service_name) {
    const known = serviceNames.map((name) => labels[name]).find((value) => value);
    labels.service_name = known ?? 'unknown_service';
  }
  const filled = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    labels: Object.fromEntries(filled),
    stream: `{${filled.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`,
    metadata,
    invalid: resource.invalidUtf8.find((key) => indexLabels.has(key)),
  };
}

export function mapScope(scope: DecodedScope, name: Namer): Pair[] {
  const pairs = Object.entries(scope.attributes).flatMap(([key, value]) =>
    flatten(key, value, name),
  );
  if (scope.name) pairs.push(['scope_name', scope.name]);
  if (scope.version) pairs.push(['scope_version', scope.version]);
  if (scope.droppedAttributesCount) {
    pairs.push(['scope_dropped_attributes_count', String(scope.droppedAttributesCount)]);
  }
  return pairs;
}

/** The record's own structured metadata; that of its resource and scope comes after it. */
export function mapRecord(record: DecodedLogRecord, name: Namer): Pair[] {
  const pairs: Pair[] = [];
  for (const [key, value] of Object.entries(record.attributes)) {
    if (key === 'event_name' && record.eventName) continue;
    pairs.push(...flatten(key, value, name));
  }
  pairs.push(...fieldPairs(record));
  return pairs;
}

function fieldPairs(record: DecodedLogRecord): Pair[] {
  const pairs: Pair[] = [];
  if (record.timeUnixNano && record.observedTimeUnixNano) {
    pairs.push(['observed_timestamp', String(BigInt.asIntN(64, record.observedTimeUnixNano))]);
  }
  if (record.severityNumber) pairs.push(['severity_number', String(record.severityNumber)]);
  if (record.severityText) pairs.push(['severity_text', record.severityText]);
  if (record.droppedAttributesCount) {
    pairs.push(['dropped_attributes_count', String(record.droppedAttributesCount)]);
  }
  if (record.flags) pairs.push(['flags', String(record.flags)]);
  if (record.traceId) pairs.push(['trace_id', record.traceId]);
  if (record.spanId) pairs.push(['span_id', record.spanId]);
  if (record.eventName) pairs.push(['event_name', record.eventName]);
  return pairs;
}

export function lineOf(record: DecodedLogRecord): string {
  return textOf(record.body);
}

/** The time Loki files a record under, in ns since the epoch. */
export function timestampOf(record: DecodedLogRecord, nowMs: number): bigint {
  const sent = record.timeUnixNano || record.observedTimeUnixNano;
  return sent ? BigInt.asIntN(64, sent) : BigInt(Math.round(nowMs * 1000)) * 1000n;
}

/** What Loki stores of the pairs: a name with an empty value is gone, its other values too. */
export function storedPairs(pairs: readonly Pair[]): readonly Pair[] {
  const empty = new Set(pairs.filter(([, value]) => value === '').map(([name]) => name));
  return empty.size === 0 ? pairs : pairs.filter(([name]) => !empty.has(name));
}

/** What a query shows of stored pairs: of equal names the last, and none that is a label's. */
export function shownMetadata(pairs: readonly Pair[], labels: Labels): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of pairs) {
    metadata[Object.hasOwn(labels, name) ? `${name}_extracted` : name] = cleaned(value);
  }
  return metadata;
}

/** Maps become one pair a leaf, their names joined with `_`. */
function flatten(key: string, value: AttributeValue, name: Namer): Pair[] {
  const own = name(key);
  if (!isMap(value)) return [[own, textOf(value)]];
  return Object.entries(value).flatMap(([inner, one]) => flatten(`${own}_${inner}`, one, name));
}

function isMap(value: AttributeValue): value is Attributes {
  if (typeof value !== 'object' || value === null) return false;
  return !(isList(value) || value instanceof Uint8Array);
}

/** Loki puts a space where a text is broken, and where it holds the replacement character itself. */
function cleaned(text: string): string {
  return text.includes('\ufffd') ? text.replaceAll('\ufffd', ' ') : text;
}
