// The path of an OTLP endpoint: `/v1/logs` exactly once, `/otlp` where the host wants it.

/** How the setting is meant: a base to append to, the exact URL, or a Loki URL of any kind. */
export type EndpointForm = 'base' | 'exact' | 'loki';

const push = /\/(?:loki\/api\/v1|api\/prom)\/push$/;
const signals = /(?:\/v1\/(?:logs|traces|metrics))+$/;

export interface LogsPath {
  readonly path: string;
  /** What was done beyond appending `/v1/logs`, for a person. */
  readonly repairs: readonly string[];
}

export function isPushPath(path: string): boolean {
  return push.test(trimSlashes(path));
}

/** A path under which Loki serves, and an OTLP receiver such as Alloy's does not by itself. */
export function isLokiPath(path: string): boolean {
  const trimmed = trimSlashes(path);
  return push.test(trimmed) || trimmed.replace(signals, '').endsWith('/otlp');
}

/** `needsOtlp`: a host that serves OTLP under `/otlp` only (Grafana Cloud's gateway, a Loki). */
export function logsPath(given: string, form: EndpointForm, needsOtlp: boolean): LogsPath {
  const path = trimSlashes(given);
  if (form === 'loki') return { path: lokiPath(path), repairs: [] };
  if (push.test(path)) {
    return { path: lokiPath(path), repairs: ['the Loki push path became /otlp/v1/logs'] };
  }
  const base = path.replace(signals, '');
  const signal = path.slice(base.length);
  const isOtherPath = base !== '' && base !== '/otlp';
  if (form === 'exact' && signal === '' && isOtherPath) return { path: given, repairs: [] };
  const repairs = signalRepairs(signal, form);
  if (base !== '' || !needsOtlp) return { path: `${base}/v1/logs`, repairs };
  return { path: '/otlp/v1/logs', repairs: [...repairs, '/otlp was missing and was added'] };
}

function signalRepairs(signal: string, form: EndpointForm): readonly string[] {
  if (signal === '') return form === 'exact' ? ['/v1/logs was missing and was added'] : [];
  if (signal !== '/v1/logs') return [`${signal} in it became one /v1/logs`];
  return form === 'base' ? ['it ends in /v1/logs, which is appended anyway'] : [];
}

/** From a Loki's push URL, or its bare address, to its OTLP path. */
function lokiPath(path: string): string {
  const base = path.replace(push, '').replace(signals, '');
  return `${base.endsWith('/otlp') ? base : `${base}/otlp`}/v1/logs`;
}

function trimSlashes(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}
