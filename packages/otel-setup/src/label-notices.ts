// Says at start which resource attributes become Loki's index labels, and which of them would make streams without end.

import type { Notice } from './errors.ts';
import { cutText } from './record/cut-value.ts';
import type { Attributes } from './record/log-record.ts';
import { fitResource, indexLabels } from './record/resource.ts';

/** The labels with their values, for whoever wants to know; a warning where one of them never repeats. */
export function labelNotices(resource: Readonly<Record<string, unknown>>): Notice[] {
  const { attributes } = fitResource(Object.entries(resource));
  const labels = Object.entries(attributes).filter(([key]) => indexLabels.has(key));
  const named = labels.map(([key, value]) => `${labelName(key)}="${cutText(String(value), 200)}"`);
  const notices: Notice[] = [
    {
      code: 'OTEL_SETUP_LABELS',
      level: 'debug',
      message: `Index labels in Loki: ${named.join(', ')}. Every other attribute is structured metadata.`,
    },
  ];
  const endless = labels.filter(([key, value]) => isEndless(key, String(value), attributes));
  if (endless.length > 0) {
    notices.push({
      code: 'OTEL_SETUP_LABEL_CARDINALITY',
      level: 'warn',
      message: `${endless.map(([key, value]) => `${key}="${cutText(String(value), 200)}"`).join(', ')} looks different in each process: it is an index label in Loki, and each value makes streams of its own, which are slow to query and limited in number. Give it a value that stays, and log what varies under another name.`,
    });
  }
  return notices;
}

export function lateLabelNotice(names: readonly string[]): Notice {
  return {
    code: 'OTEL_SETUP_LATE_LABEL',
    level: 'info',
    message: `A resource detector found ${names.join(', ')} after init() had returned; left out, because an index label that comes late would split the stream. Set it in OTEL_RESOURCE_ATTRIBUTES if you need it.`,
  };
}

function labelName(key: string): string {
  return key.replaceAll('.', '_');
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
/** An id of a container, or a commit: hexadecimal with letters and digits. */
const hexadecimal = /(?<![0-9a-z])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}(?![0-9a-z])/i;
/** Seconds or milliseconds since 1970, or a date with a time. */
const time =
  /(?<![0-9])1[5-9][0-9]{8}(?:[0-9]{3})?(?![0-9])|[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T_-][0-9]{2}:?[0-9]{2}/;
/** What a Deployment names its pods; the alphabet is that of k8s.io/apimachinery/pkg/util/rand. */
const pod = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** One a process, and one a run, by their nature. */
const expected: ReadonlySet<string> = new Set(['service.instance.id', 'k8s.pod.name']);

function isEndless(key: string, value: string, attributes: Attributes): boolean {
  if (expected.has(key)) {
    return false;
  }
  if (uuid.test(value)) {
    return true;
  }
  // Kubernetes itself names these with a hash or a time.
  if (key === 'k8s.job.name' || key === 'k8s.replicaset.name') {
    return false;
  }
  return (
    hexadecimal.test(value) ||
    time.test(value) ||
    pod.test(value) ||
    (key === 'service.name' && value === attributes['k8s.pod.name'])
  );
}
