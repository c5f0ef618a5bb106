// A trouble of the route as a line of the report: in the words of the application's notices.

import { type TroubleKind, troubles } from '../../deliver/trouble.ts';
import { cleanWords } from '../../deliver/words.ts';
import { exampleOf } from '../env/examples.ts';
import type { RouteExamination } from './examination.ts';
import { type Check, type Finding, wrong } from './finding.ts';

export function troubleFinding(
  check: Check,
  kind: TroubleKind,
  words: string,
  examination: RouteExamination,
): Finding {
  const { names, secrets } = examination;
  const { code, fix, what } = troubles[kind];
  const said = cleanWords(words, secrets);
  const message = `${names.origin} ${what}${said === '' ? '' : ` (${said})`}.`;
  const paste = pasteFor(kind, examination);
  return wrong(check, { code, message, fix: fix(names), ...(paste.length > 0 && { paste }) });
}

const credentialKinds: ReadonlySet<TroubleKind> = new Set(['unauthorized', 'forbidden']);
const urlKinds: ReadonlySet<TroubleKind> = new Set([
  'not-found',
  'redirect',
  'web-page',
  'unexpected',
  'dns',
  'wrong-zone',
]);

function pasteFor(kind: TroubleKind, { endpoint, names }: RouteExamination): string[] {
  const { settings } = names;
  const url = new URL(endpoint.url);
  if (kind === 'tls') {
    const address = `${url.hostname}:${url.port || '443'}`;
    return [
      'OTEL_EXPORTER_OTLP_CERTIFICATE=<path of the authority as a PEM file>',
      `openssl s_client -connect ${address} -servername ${url.hostname} </dev/null`,
    ];
  }
  if (kind === 'tenant') return ['OTEL_EXPORTER_OTLP_LOGS_HEADERS=X-Scope-OrgID=<tenant>'];
  if (kind === 'refused' || kind === 'network' || kind === 'timeout') {
    return names.routeName === 'alloy'
      ? ['alloy run config.alloy', exampleOf('ALLOY_OTLP_ENDPOINT') ?? '']
      : [`curl -v ${url.origin}`];
  }
  if (credentialKinds.has(kind)) return [exampleOf(settings.credentials) ?? []].flat();
  if (urlKinds.has(kind)) return [exampleOf(settings.url) ?? []].flat();
  return [];
}
