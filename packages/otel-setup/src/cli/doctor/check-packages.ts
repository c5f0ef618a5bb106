// The packages as the application in this folder would load them: versions, copies, and pairs that lose records.

import { isAtLeast } from '../../node-version.ts';
import { version as ownVersion } from '../../version.ts';
import { checkNode } from './check-node.ts';
import type { Examination } from './examination.ts';
import { type Finding, good, skipped, warning, wrong } from './finding.ts';
import { declaredIn, findInstalled, type Installed } from './installed.ts';
import { withEntry } from './paste.ts';

const api = '@opentelemetry/api';
const leastWinston = '3.11.0';
/** The first line in which the SDK no longer looks into the global of api-logs. */
const newSdk = '3.0.0';

export interface Packages {
  readonly folder: string;
  readonly declared: ReadonlySet<string>;
  readonly own: Installed | undefined;
}

export function checkPackages(examination: Examination): Finding[] {
  const folder = examination.host.cwd();
  const packages: Packages = {
    folder,
    declared: declaredIn(folder),
    own: findInstalled(folder, 'otel-setup'),
  };
  return [
    checkNode(process.versions.node),
    checkOwn(packages),
    checkWinston(packages),
    checkApi(packages),
    ...checkCopies(packages),
    checkPair(packages, examination),
  ];
}

function checkOwn({ folder, own }: Packages): Finding {
  if (own === undefined) {
    return warning('installed', {
      code: 'OTEL_SETUP_NOT_INSTALLED',
      message: `otel-setup is not installed for an application in ${folder}.`,
      fix: 'Run this in the folder of the application, or install it.',
      paste: ['npm install otel-setup winston'],
    });
  }
  const message = `otel-setup ${own.version} in ${own.folder}.`;
  if (own.version === ownVersion) return good('installed', message);
  return warning('installed', {
    code: 'OTEL_SETUP_NOT_INSTALLED',
    message: `${message} This is the doctor of ${ownVersion}.`,
    fix: "Ask the application's own.",
    paste: ['npm install && npx otel-setup doctor'],
  });
}

function checkWinston({ folder, own }: Packages): Finding {
  const theirs = findInstalled(folder, 'winston');
  if (theirs === undefined) {
    return wrong('winston', {
      code: 'OTEL_SETUP_WINSTON',
      message: 'winston is not installed here, and otel-setup cannot start without it.',
      fix: 'Install it beside otel-setup.',
      paste: ['npm install winston'],
    });
  }
  if (!isAtLeast(theirs.version, leastWinston)) {
    return wrong('winston', {
      code: 'OTEL_SETUP_WINSTON',
      message: `winston ${theirs.version} is too old for otel-setup.`,
      fix: `Use winston ${leastWinston} or newer.`,
      paste: ['npm install winston@3'],
    });
  }
  const ours = own === undefined ? undefined : findInstalled(own.folder, 'winston');
  if (ours === undefined || ours.folder === theirs.folder) {
    return good('winston', `winston ${theirs.version}.`);
  }
  return warning('winston', {
    code: 'OTEL_SETUP_WINSTON',
    message: `Two copies of winston: ${theirs.version} for the application, ${ours.version} for otel-setup (${ours.folder}). A logger of the first joins by init({ logger }) or by --import otel-setup/register.`,
    fix: 'Let the package manager keep one copy.',
    paste: ['npm dedupe winston'],
  });
}

function checkApi({ declared, folder, own }: Packages): Finding {
  const theirs = findInstalled(folder, api);
  const ours = own === undefined ? undefined : findInstalled(own.folder, api);
  if (theirs === undefined || ours === undefined || theirs.folder === ours.folder) {
    const shown = theirs ?? ours;
    return shown === undefined
      ? skipped('api', `${api} is not installed here.`)
      : good('api', `One copy of ${api}, ${shown.version}.`);
  }
  const message = `Two copies of ${api}: ${theirs.version} for the application, ${ours.version} for otel-setup.`;
  if (theirs.version === ours.version) {
    return good('api', `${message} Equal versions share one global.`);
  }
  const isTheirOwn = declared.has(api);
  return warning('api', {
    code: 'OTEL_SETUP_API_VERSION',
    message: `${message} winston records and their span ids are right; other OpenTelemetry logs do not reach otel-setup.`,
    fix: isTheirOwn
      ? 'Use the same version, if the tracing packages allow it.'
      : 'Raise the OpenTelemetry packages of the application to the line of this version.',
    paste: [`npm install ${api}@${ours.version}`],
  });
}

/** Among the application's own packages: who registers first makes the globals, and another version may not see them. */
function checkCopies({ declared, folder }: Packages): Finding[] {
  const users = [...declared].filter((name) => name.startsWith('@opentelemetry/'));
  const copies = new Map<string, string>();
  for (const name of users) {
    const user = name === api ? undefined : findInstalled(folder, name);
    const copy = findInstalled(user?.folder ?? folder, api);
    if (copy !== undefined && !copies.has(copy.version)) copies.set(copy.version, name);
  }
  if (copies.size < 2) return [];
  const named = [...copies].map(([version, name]) => `${version} (${name})`).join(', ');
  return [
    warning('api', {
      code: 'OTEL_SETUP_API_COPIES',
      message: `The application's packages bring several versions of ${api}: ${named}. What the one registers the other may not see: no spans, no metrics.`,
      fix: 'Keep one version.',
      paste: [`npm ls ${api}`, 'npm dedupe'],
    }),
  ];
}

/**
 * OpenTelemetry's transport for winston writes to the provider of `api-logs`; a NodeSDK of the newer line is
 * registered in `api` only: no record arrives, and nothing says so.
 */
function checkPair({ declared, folder }: Packages, examination: Examination): Finding {
  const transport = writesToOldGlobal(declared, folder);
  const sdk = sdkOf(declared, folder);
  if (transport === undefined || sdk === undefined || !isAtLeast(sdk.version, newSdk)) {
    return good('pair', 'No pair of OpenTelemetry packages that loses records.');
  }
  const remove =
    transport.name === '@opentelemetry/winston-transport'
      ? `npm uninstall ${transport.name}`
      : withEntry('OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'winston', examination);
  return warning('pair', {
    code: 'OTEL_SETUP_ZERO_RECORD_PAIR',
    message: `${transport.name} ${transport.version} writes to the provider of @opentelemetry/api-logs, and sdk-logs ${sdk.version} is registered in @opentelemetry/api: by themselves its records reach nobody, and nothing says so. They arrive only where init() has run before, which registers in both.`,
    fix: 'Log through the logger of init(), which needs none of it, and take it away.',
    paste: [remove],
  });
}

function writesToOldGlobal(declared: ReadonlySet<string>, folder: string): Installed | undefined {
  // Ours lies beside it without being the application's.
  const transport = '@opentelemetry/winston-transport';
  const own = declared.has(transport) ? findInstalled(folder, transport) : undefined;
  return own ?? findInstrumentation(declared, folder);
}

export function findInstrumentation(
  declared: ReadonlySet<string>,
  folder: string,
): Installed | undefined {
  const name = '@opentelemetry/instrumentation-winston';
  if (declared.has(name)) return findInstalled(folder, name);
  const all = '@opentelemetry/auto-instrumentations-node';
  const bundle = declared.has(all) ? findInstalled(folder, all) : undefined;
  return bundle === undefined ? undefined : findInstalled(bundle.folder, name);
}

function sdkOf(declared: ReadonlySet<string>, folder: string): Installed | undefined {
  const name = '@opentelemetry/sdk-logs';
  if (declared.has(name)) return findInstalled(folder, name);
  const holders = ['@opentelemetry/sdk-node', '@opentelemetry/auto-instrumentations-node'];
  for (const holder of holders) {
    const found = declared.has(holder) ? findInstalled(folder, holder) : undefined;
    const sdk = found === undefined ? undefined : findInstalled(found.folder, name);
    if (sdk !== undefined) return sdk;
  }
  return undefined;
}
