// The endpoint of the chosen route, with the credentials and certificates that belong to it.

import { isGrafanaHost, isPublicHost } from './address.ts';
import { alloySource } from './alloy-source.ts';
import type { Endpoint, RouteName } from './config.ts';
import { checkAuthorization, grafanaAuthorization } from './credentials.ts';
import { directSource } from './direct-source.ts';
import { type EndpointUrl, readEndpointUrl } from './endpoint-url.ts';
import type { Findings } from './findings.ts';
import { checkHeaders, type Headers } from './headers.ts';
import { type Inputs, optionSetting, type Source } from './source.ts';
import { isOnGrafana, ownCertificates } from './standard-source.ts';

/** Undefined for the route `none`, and where the endpoint is missing, unreadable or refused (told). */
export function readEndpoint(
  route: RouteName,
  inputs: Inputs,
  onKubernetes: boolean,
): Endpoint | undefined {
  if (route === 'none') return undefined;
  const source =
    optionSource(route, inputs) ??
    (route === 'direct' ? directSource(inputs) : alloySource(inputs));
  if (source === undefined) return undefined;
  const { findings } = inputs;
  const read = readEndpointUrl(source.url, { form: source.form, route, onKubernetes }, findings);
  if (read === undefined) return undefined;
  const headers = readHeaders(source, read, findings);
  if (isExposed(read.url, headers, onKubernetes)) {
    findings.problem(
      source.url.origin,
      `${source.url.name} would carry credentials over plain http to a public host; refused. Use https://.`,
    );
    return undefined;
  }
  checkClientCertificate(source, findings);
  return Object.freeze({
    url: read.url.href,
    headers: Object.freeze(headers),
    ...source.certificates,
    settings: Object.freeze({ url: source.url.name, credentials: source.credentialsName }),
  });
}

/** `endpoint` and `headers` of the code, for whichever route is chosen. */
function optionSource(route: RouteName, inputs: Inputs): Source | undefined {
  const { options, findings } = inputs;
  const url = optionSetting('endpoint', options.endpoint, findings);
  if (url === undefined) return undefined;
  if (route === 'alloy' && isOnGrafana(url) && options.route === undefined) {
    findings.notice(
      'OTEL_SETUP_UNUSED',
      'warn',
      'option endpoint names Grafana Cloud and is not used: the route is alloy.',
    );
    return undefined;
  }
  return {
    url,
    form: 'base',
    headers: () => checkHeaders(options.headers ?? {}, 'option headers', findings),
    certificates: ownCertificates(inputs),
    credentialsName: 'option headers',
  };
}

function readHeaders(source: Source, { url, userInfo }: EndpointUrl, findings: Findings): Headers {
  const headers = source.headers();
  const onGrafana = isGrafanaHost(url.hostname);
  if (headers.authorization === undefined) {
    const made = makeAuthorization(source, userInfo, findings);
    if (made !== undefined) headers.authorization = made;
    else if (onGrafana) tellMissing(source, findings);
  } else if (onGrafana) {
    headers.authorization = checkAuthorization(
      headers.authorization,
      source.credentialsName,
      findings,
    );
  }
  return headers;
}

function makeAuthorization(
  { credentials, auth }: Source,
  userInfo: string | undefined,
  findings: Findings,
): string | undefined {
  if (credentials?.id !== undefined || credentials?.key !== undefined) {
    return grafanaAuthorization(credentials, findings);
  }
  const pair = auth?.value ?? userInfo;
  if (pair === undefined) return undefined;
  if (auth !== undefined && !auth.value.includes(':')) {
    findings.problem('environment', `${auth.name} must be user:token; it holds no colon.`);
  }
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Half a pair was told already. */
function tellMissing(
  { credentials, url, credentialsName, form }: Source,
  findings: Findings,
): void {
  if (credentials?.id !== undefined || credentials?.key !== undefined) return;
  const needed =
    credentials === undefined
      ? credentialsName
      : `${credentials.idName} and ${credentials.keyName}`;
  const verb = credentials === undefined ? 'is' : 'are';
  const example =
    form === 'loki' || credentials !== undefined ? '' : ' (Authorization=Basic%20<base64>)';
  findings.problem(
    'environment',
    `${needed} ${verb} missing. ${url.name} is Grafana Cloud, which takes nothing without credentials; set what the stack page hands out${example}.`,
  );
}

function isExposed(url: URL, headers: Headers, onKubernetes: boolean): boolean {
  const secret = Object.keys(headers).some(
    (name) => name !== 'x-scope-orgid' && name !== 'user-agent',
  );
  return secret && url.protocol === 'http:' && isPublicHost(url.hostname, onKubernetes);
}

function checkClientCertificate({ certificates }: Source, findings: Findings): void {
  const { clientKey, clientCertificate } = certificates;
  if ((clientKey === undefined) === (clientCertificate === undefined)) return;
  const absent = clientKey === undefined ? 'key' : 'certificate';
  findings.problem(
    'environment',
    `The client's ${absent} is missing. A client certificate works only together with its key; set both, or neither.`,
  );
}
