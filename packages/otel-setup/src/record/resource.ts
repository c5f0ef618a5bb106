// What the resource costs in Loki: which attributes become index labels, which are copied to every record.

/** grafana/loki pkg/loghttp/push/otlplabels: resource attributes that become index labels. */
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

import type { Limits } from './limits.ts';

interface ResourceCost {
  /** Names of the attributes that become index labels. */
  readonly labels: readonly string[];
  /** Attributes that every record gets a copy of, as structured metadata. */
  readonly copied: number;
  readonly copiedBytes: number;
}

function resourceCost(attributes: Readonly<Record<string, unknown>>): ResourceCost {
  const names = Object.keys(attributes);
  const copied = names.filter((name) => !indexLabels.has(name));
  return {
    labels: names.filter((name) => indexLabels.has(name)),
    copied: copied.length,
    copiedBytes: copied.reduce(
      (sum, name) => sum + Buffer.byteLength(`${name}${String(attributes[name])}`),
      0,
    ),
  };
}

/** Entries that Loki itself makes of a record: severity, ids, flags, times, scope, level, and our mark. */
const recordEntries = 12;

/** What is left for a record's own attributes beside the copies of the resource. */
export function limitsFor(
  resource: Readonly<Record<string, unknown>>,
  configured: { readonly attributeCount: number; readonly attributeValueLength: number },
): Limits {
  const { copied, copiedBytes } = resourceCost(resource);
  return {
    attributeCount: Math.max(1, Math.min(configured.attributeCount, 128 - recordEntries - copied)),
    attributeValueLength: configured.attributeValueLength,
    attributeBytes: Math.max(1_024, 64 * 1024 - 2_048 - copiedBytes),
    recordBytes: 256 * 1024,
  };
}
