// Where somebody looks at an Alloy: of a cluster by kubectl, else on its machine.

import { isOnKubernetes } from '../../config/platform.ts';
import type { RouteExamination } from './examination.ts';

/** The end of its log, or the lines that a pattern finds. */
export function alloyLog(examination: RouteExamination, pattern?: string): string {
  const find = pattern === undefined ? 'tail' : `grep -iE '${pattern}'`;
  if (!isOnKubernetes(examination.host.env)) return `journalctl -u alloy | ${find}`;
  const { namespace, service } = serviceOf(examination);
  return `kubectl logs --namespace ${namespace} ${service} | ${find}`;
}

/** Its ports, and the pods behind them. */
export function alloyService(examination: RouteExamination): string {
  const { namespace, service } = serviceOf(examination);
  return `kubectl describe --namespace ${namespace} ${service}`;
}

function serviceOf({ names }: RouteExamination): { namespace: string; service: string } {
  const { hostname } = new URL(names.origin);
  const named = /^(?!localhost$)([a-z][\w-]*)(?:\.([\w-]+)(?:\.svc(?:\..+)?)?)?$/.exec(hostname);
  return {
    namespace: named?.[2] ?? "'<namespace of Alloy>'",
    service: named?.[1] === undefined ? "'service/<alloy>'" : `service/${named[1]}`,
  };
}
