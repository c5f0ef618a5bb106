// What resource and scope become in Loki: index labels, and copies that every record carries.

import { type SentKey, shownName, stands, usableKey } from './attribute-name.ts';
import { cutText, cutValue, toJson } from './cut-value.ts';
import { markText, maxEventNameBytes, maxMarkBytes, maxSeverityTextBytes } from './fit-record.ts';
import { fitAttributes, type Limits } from './limits.ts';
import type { AnyValue, Attributes } from './log-record.ts';
import { entriesOf, isMap, metadataSize } from './loki-size.ts';
import { Rendering } from './render-value.ts';
import { readText } from './unreadable.ts';

/** grafana/loki pkg/loghttp/push/otlplabels: resource attributes that become index labels. */
export const indexLabels: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment.name',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'container.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
  'k8s.replicaset.name',
  'deployment.environment',
]);

/** Labels besides `service_name`. */
const maxLabels = 15;
const maxLabelBytes = 2_048;

/** Copies stand beside the record's own attributes: so much of what Loki takes is theirs at most. */
const resourceRoom = { entries: 40, bytes: 16 * 1024 };
const scopeRoom = { entries: 16, bytes: 4 * 1024 };
const maxScopeNameBytes = 1_024;

/** The attributes of a resource or a scope, as Loki takes them. */
export interface FittedShared {
  readonly attributes: Attributes;
  /** Entries, bytes and names of the copies that every record gets. */
  readonly copies: Copies;
  /** Names of what was cut, renamed or left out. */
  readonly changed: readonly string[];
}

interface Copies {
  readonly entries: number;
  readonly bytes: number;
  /** As Loki shows them. */
  readonly names: readonly string[];
}

type Given = Iterable<readonly [key: string, value: unknown]>;

/** Index labels within Loki's limits, everything else within the room of a resource. Throws nothing. */
export function fitResource(given: Given): FittedShared {
  const labels: Attributes = {};
  const others: [string, AnyValue][] = [];
  const changed: string[] = [];
  for (const [key, value] of rendered(given)) {
    if (!indexLabels.has(key)) {
      others.push([key, value]);
      continue;
    }
    // Loki would make a label of each leaf of a map.
    const text = isMap(value) ? toJson(value) : value;
    labels[key] = cutValue(readable(text), maxLabelBytes);
    if (labels[key] !== value) {
      changed.push(key);
    }
  }
  for (const key of surplus(labels)) {
    others.push([`meta.${key}`, labels[key]]);
    delete labels[key];
    changed.push(key);
  }
  const copied = fitCopies(others, resourceRoom, 'otel_setup.resource_changed', changed);
  return { ...copied, attributes: { ...labels, ...copied.attributes } };
}

/** Loki refuses a stream whose label holds the replacement character, which stands for half a surrogate pair as well. */
function readable(value: AnyValue): AnyValue {
  return typeof value === 'string'
    ? Buffer.from(value).toString('utf8').replaceAll('\ufffd', '?')
    : value;
}

/** Those that matter least, by their place in the list, where there are more than Loki takes. */
function surplus(labels: Attributes): string[] {
  const present = [...indexLabels].filter((key) => key !== 'service.name' && key in labels);
  return present.slice(maxLabels);
}

export interface ScopeLike {
  readonly name: string;
  readonly version?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

export interface FittedScope extends FittedShared {
  readonly name: string;
  readonly version: string | undefined;
}

export function fitScope(scope: ScopeLike): FittedScope {
  const [wholeName, wholeVersion] = [textOf(scope, 'name'), textOf(scope, 'version')];
  const name = cutText(wholeName, maxScopeNameBytes);
  const version = cutText(wholeVersion, 256);
  const changed = name === wholeName ? [] : ['scope_name'];
  if (version !== wholeVersion) changed.push('scope_version');
  const attributes = rendered(Object.entries(scope.attributes ?? {}));
  const fitted = fitCopies(attributes, scopeRoom, 'otel_setup.scope_changed', changed);
  const { copies } = fitted;
  const own = {
    ...(name === '' ? {} : { scope_name: name }),
    ...(version ? { scope_version: version } : {}),
    ...(scope.droppedAttributesCount ? { scope_dropped_attributes_count: 2 ** 32 } : {}),
  };
  return {
    ...fitted,
    name,
    version: version || undefined,
    copies: {
      entries: copies.entries + Object.keys(own).length,
      bytes: copies.bytes + metadataBytes(own),
      names: copies.names,
    },
  };
}

/** A caller without types may give a version that is a number. */
function textOf(scope: ScopeLike, key: 'name' | 'version'): string {
  return scope[key] === null ? '' : readText(scope, key);
}

/** In their order; the first of equal keys counts, as in OpenTelemetry's own resource. */
function rendered(given: Given): [string, AnyValue][] {
  const values = new Map<string, AnyValue>();
  for (const [key, value] of given) {
    if (values.has(key) || value === undefined || value === null || value instanceof Promise) {
      continue;
    }
    const plain = new Rendering().render(value);
    if (plain !== undefined) {
      values.set(key, plain);
    }
  }
  return [...values];
}

function fitCopies(
  given: readonly (readonly [string, AnyValue])[],
  room: { readonly entries: number; readonly bytes: number },
  mark: string,
  changed: string[],
): FittedShared {
  const keys = given.map(
    ([key]): SentKey => ({ key: copiedKey(key, changed), encoded: undefined }),
  );
  const fitted = fitAttributes(
    keys,
    given.map(([, value]) => value),
    {
      attributeCount: room.entries,
      attributeBytes: room.bytes,
      attributeValueLength: Number.POSITIVE_INFINITY,
      lineBytes: 0,
      reserved: recordNames,
    },
  );
  changed.push(...fitted.cut, ...fitted.dropped, ...fitted.renamed);
  const attributes: Attributes = {};
  for (const [i, { key }] of fitted.keys.entries()) {
    attributes[key] = fitted.values[i];
  }
  if (changed.length > 0) {
    attributes[mark] = markText(changed);
  }
  const entries = Object.values(attributes).reduce((sum: number, v) => sum + entriesOf(v), 0);
  const names = Object.entries(attributes).flatMap(([key, value]) => shownNames(key, value));
  return { attributes, changed, copies: { entries, bytes: metadataBytes(attributes), names } };
}

/** A copy named as a field of the record, or as its level, would hide that of every record. */
function copiedKey(key: string, changed: string[]): string {
  const usable = usableKey(key);
  const sent = stands(usable) ? `meta.${usable}` : usable;
  if (sent !== key) {
    changed.push(key === '' ? sent : key);
  }
  return sent;
}

function shownNames(key: string, value: AnyValue): string[] {
  return isMap(value)
    ? Object.entries(value).flatMap(([inner, leaf]) => shownNames(`${key}_${inner}`, leaf))
    : [shownName(key)];
}

function metadataBytes(attributes: Attributes): number {
  return Object.entries(attributes).reduce(
    (sum, [key, value]) => sum + metadataSize(key, value),
    0,
  );
}

/** What Loki makes of a record itself. */
const recordNames: ReadonlySet<string> = new Set([
  'severity_number',
  'severity_text',
  'observed_timestamp',
  'flags',
  'scope_name',
  'scope_version',
  'scope_dropped_attributes_count',
  'detected_level',
  'event_name',
  'dropped_attributes_count',
  'trace_id',
  'span_id',
]);

/** Entries for these, and for the marks that name what was cut and renamed. */
const recordEntries = 11;
/** The other names and values take 256 at most. */
const recordBytes = 512 + maxEventNameBytes + maxSeverityTextBytes + 2 * maxMarkBytes;

/** What is left for a record's own attributes beside the copies of its resource and scope. */
export function limitsFor(
  copies: readonly Copies[],
  configured: { readonly attributeCount: number; readonly attributeValueLength: number },
): Limits {
  const entries = copies.reduce((sum, copy) => sum + copy.entries, 0);
  const bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
  return {
    attributeCount: Math.min(configured.attributeCount, 128 - recordEntries - entries),
    attributeValueLength: configured.attributeValueLength,
    attributeBytes: 64 * 1024 - recordBytes - bytes,
    lineBytes: 256 * 1024,
    reserved: new Set([...recordNames, ...copies.flatMap(({ names }) => names)]),
  };
}
