// The route by way of Grafana Alloy: its own variables, the standard ones, then Alloy on this machine.

import type { Setting } from './findings.ts';
import { checkHeaders, type Headers, parseHeaders } from './headers.ts';
import { type Inputs, optionSetting, type Source } from './source.ts';
import { isLokis, ownCertificates, standardSource } from './standard-source.ts';

const defaultEndpoint: Setting = {
  name: 'ALLOY_OTLP_ENDPOINT',
  value: 'http://localhost:4318',
  origin: 'environment',
};

export function alloySource(inputs: Inputs): Source {
  const { options, env, findings } = inputs;
  const inCode = optionSetting('alloy.endpoint', options.alloy?.endpoint, findings);
  const url = inCode ?? env.setting('ALLOY_OTLP_ENDPOINT');
  const headers = alloyHeaders(inputs, inCode === undefined);
  const standard = url === undefined ? standardSource(inputs, 'elsewhere') : undefined;
  if (standard !== undefined) {
    if (isLokis(standard.url)) tellPastAlloy(standard.url, inputs);
    return headers === undefined ? standard : { ...standard, ...headers };
  }
  return {
    url: url ?? defaultEndpoint,
    form: 'base',
    headers: () => ({}),
    certificates: ownCertificates(inputs),
    credentialsName: 'ALLOY_OTLP_HEADERS',
    ...headers,
  };
}

function tellPastAlloy({ name }: Setting, { findings }: Inputs): void {
  findings.notice(
    'OTEL_SETUP_PAST_ALLOY',
    'warn',
    `The route is alloy, but ${name} is the address of a Loki: records go there, past Alloy. Set ALLOY_OTLP_ENDPOINT=http://localhost:4318 beside it.`,
  );
}

function alloyHeaders(
  { options, env, findings }: Inputs,
  withEnvironment: boolean,
): { headers: () => Headers; credentialsName: string } | undefined {
  const given = options.alloy?.headers;
  if (given !== undefined) {
    const credentialsName = 'option alloy.headers';
    return { headers: () => checkHeaders(given, credentialsName, findings), credentialsName };
  }
  const setting = withEnvironment ? env.setting('ALLOY_OTLP_HEADERS') : undefined;
  if (setting === undefined) return undefined;
  return { headers: () => parseHeaders(setting, findings), credentialsName: setting.name };
}
