// One set of settings that belong together: endpoint, headers, credentials and certificates.

import { cleanText } from './clean-text.ts';
import type { ConfigOptions } from './config-options.ts';
import type { Credentials } from './credentials.ts';
import type { EndpointForm } from './endpoint-path.ts';
import type { Environment } from './environment.ts';
import type { Findings, Setting } from './findings.ts';
import type { Headers } from './headers.ts';

export interface Certificates {
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
}

export interface Source {
  readonly url: Setting;
  readonly form: EndpointForm;
  /** Parsed when the source is chosen: what is not used is not judged. */
  readonly headers: () => Headers;
  /** Grafana Cloud's pair, which makes the Authorization header where there is none. */
  readonly credentials?: Credentials | undefined;
  /** Loki's `user:token`. */
  readonly auth?: Setting | undefined;
  readonly certificates: Certificates;
  /** The setting to look at when the server says 401. */
  readonly credentialsName: string;
}

/** What the sources are made of. */
export interface Inputs {
  readonly options: ConfigOptions;
  readonly env: Environment;
  readonly findings: Findings;
}

/** An option as a setting; undefined where it is missing or blank. */
export function optionSetting(
  name: string,
  given: string | number | undefined,
  findings: Findings,
): Setting | undefined {
  if (given === undefined) return undefined;
  const setting = { name: `option ${name}`, value: String(given), origin: 'code' } as const;
  const value = cleanText(setting, findings);
  return value === undefined ? undefined : { ...setting, value };
}

/** The certificates of the code, which serve whichever endpoint is chosen. */
export function optionCertificates({ options, findings }: Inputs): Certificates | undefined {
  const read = (name: 'certificate' | 'clientKey' | 'clientCertificate'): string | undefined =>
    optionSetting(name, options[name], findings)?.value;
  const found = {
    certificate: read('certificate'),
    clientKey: read('clientKey'),
    clientCertificate: read('clientCertificate'),
  };
  return Object.values(found).some((path) => path !== undefined) ? found : undefined;
}
