// The endpoint of the chosen route, with the credentials and certificates that belong to it.

import { resolve } from 'node:path';
import { isGrafanaHost, isPublicHost } from './address.ts';
import { alloySource } from './alloy-source.ts';
import type { Endpoint, RouteName } from './config.ts';
import { checkAuthorization, grafanaAuthorization } from './credentials.ts';
import { directSource } from './direct-source.ts';
import { type EndpointUrl, readEndpointUrl } from './endpoint-url.ts';
import type { Findings, Setting } from './findings.ts';
import { checkHeaders, type Headers } from './headers.ts';
import type { Host } from './host.ts';
import { isOnKubernetes } from './platform.ts';
import { type Certificates, type Inputs, optionSetting, type Source } from './source.ts';
import { isOnGrafana, ownCertificates } from './standard-source.ts';

/** Undefined for the route `none`, and where the endpoint is missing, unreadable or refused (told). */
export function readEndpoint(route: RouteName, inputs: Inputs, host: Host): Endpoint | undefined {
  if (route === 'none') return undefined;
  const source =
    optionSource(route, inputs) ??
    (route === 'direct' ? directSource(inputs) : alloySource(inputs));
  if (source === undefined) return undefined;
  const { findings } = inputs;
  const onKubernetes = isOnKubernetes(host.env);
  const read = readEndpointUrl(source.url, { form: source.form, route, onKubernetes }, findings);
  if (read === undefined) return undefined;
  const { headers, credentialsName } = readHeaders(source, read, findings);
  if (carriesOpenly(read.url, headers) && isPublicHost(read.url.hostname, onKubernetes)) {
    findings.problem(
      source.url.origin,
      `${source.url.name} would carry credentials (its headers) over plain http to a public host; refused. Use https://.`,
    );
    return undefined;
  }
  checkClientCertificate(source, findings);
  return Object.freeze({
    url: read.url.href,
    headers: Object.freeze(headers),
    ...absolute(source.certificates, host),
    settings: Object.freeze({ url: source.url.name, credentials: credentialsName }),
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

interface ReadHeaders {
  readonly headers: Headers;
  readonly credentialsName: string;
}

function readHeaders(source: Source, read: EndpointUrl, findings: Findings): ReadHeaders {
  const headers = source.headers();
  const { credentialsName, credentials } = source;
  const onGrafana = isGrafanaHost(read.url.hostname);
  if (headers.authorization !== undefined) {
    if (onGrafana) {
      headers.authorization = checkAuthorization(headers.authorization, credentialsName, findings);
    }
    return { headers, credentialsName };
  }
  if (credentials?.id !== undefined || credentials?.key !== undefined) {
    const authorization = grafanaAuthorization(credentials, findings);
    if (authorization !== undefined) headers.authorization = authorization;
    return { headers, credentialsName: credentials.key?.name ?? credentials.keyName };
  }
  const basic = basicSetting(source, read, findings);
  if (basic !== undefined) {
    headers.authorization = `Basic ${Buffer.from(basic.value).toString('base64')}`;
    return { headers, credentialsName: basic.name };
  }
  if (onGrafana) tellMissing(source, findings);
  return { headers, credentialsName };
}

/** `user:password` from Loki's variable or from the URL. */
function basicSetting(
  { auth, url }: Source,
  { userInfo }: EndpointUrl,
  findings: Findings,
): Setting | undefined {
  if (auth === undefined) return userInfo === undefined ? undefined : { ...url, value: userInfo };
  if (!auth.value.includes(':')) {
    findings.problem('environment', `${auth.name} must be user:token; it holds no colon.`);
  }
  return auth;
}

function tellMissing({ credentials, url, credentialsName }: Source, findings: Findings): void {
  const why = `. ${url.name} is Grafana Cloud, which takes nothing without credentials; set what the stack page hands out under OpenTelemetry, Configure.`;
  if (credentials !== undefined) {
    findings.missing([credentials.idName, credentials.keyName], why);
  } else if (!findings.isTold(credentialsName)) {
    findings.problem('environment', `Authorization is missing in ${credentialsName}${why}`);
  }
}

/** Credentials over plain http: fit for a private network only. */
export function carriesOpenly(url: URL, headers: Endpoint['headers']): boolean {
  const secret = Object.keys(headers).some(
    (name) => name !== 'x-scope-orgid' && name !== 'user-agent',
  );
  return secret && url.protocol === 'http:';
}

/** They are read again and again, and an application may change its directory. */
function absolute(certificates: Certificates, host: Host): Certificates {
  const from = (path: string | undefined) =>
    path === undefined ? undefined : resolve(host.cwd(), path);
  return {
    certificate: from(certificates.certificate),
    clientKey: from(certificates.clientKey),
    clientCertificate: from(certificates.clientCertificate),
  };
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
