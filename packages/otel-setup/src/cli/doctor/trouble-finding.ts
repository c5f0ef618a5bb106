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
  const paste = pasteFor(kind, said, examination);
  return wrong(check, { code, message, fix: fix(names), ...(paste.length > 0 && { paste }) });
}

const silentKinds: ReadonlySet<TroubleKind> = new Set(['refused', 'network', 'timeout']);
const credentialKinds: ReadonlySet<TroubleKind> = new Set(['unauthorized', 'forbidden']);
const urlKinds: ReadonlySet<TroubleKind> = new Set([
  'not-found',
  'redirect',
  'web-page',
  'unexpected',
  'dns',
  'wrong-zone',
]);

function pasteFor(kind: TroubleKind, said: string, examination: RouteExamination): string[] {
  const { endpoint, names } = examination;
  if (kind === 'tls') return forTls(new URL(endpoint.url), said);
  if (kind === 'tenant') return ['OTEL_EXPORTER_OTLP_LOGS_HEADERS=X-Scope-OrgID=<tenant>'];
  if (silentKinds.has(kind)) {
    return names.routeName === 'alloy'
      ? [
          'alloy run --stability.level=public-preview --storage.path=/var/lib/alloy/data config.alloy',
          ...example('ALLOY_OTLP_ENDPOINT'),
        ]
      : [`curl -v ${names.origin}`];
  }
  if (credentialKinds.has(kind)) return example(names.settings.credentials);
  return urlKinds.has(kind) ? example(names.settings.url) : [];
}

function forTls({ hostname, port }: URL, said: string): string[] {
  return [
    ...(/authority|self-signed|file/.test(said)
      ? ['OTEL_EXPORTER_OTLP_CERTIFICATE=<path of the authority as a PEM file>']
      : []),
    `openssl s_client -connect ${hostname}:${port || '443'} -servername ${hostname} </dev/null`,
  ];
}

function example(name: string): string[] {
  const line = exampleOf(name);
  return line === undefined ? [] : [line];
}
