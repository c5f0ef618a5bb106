// Grafana Cloud's credentials: an instance id and a token become one Authorization header. What is
// wrong with them is told and never thrown, also where code passes them: they come from outside.

import type { Findings, Setting } from './findings.ts';

export interface Credentials {
  readonly id: Setting | undefined;
  readonly key: Setting | undefined;
  /** What to set where one is missing. */
  readonly idName: string;
  readonly keyName: string;
}

const tokenShape = /^gl(?:c|sa)_/i;
const idShape = /^\d{1,12}$/;

interface Pair {
  readonly id: string;
  readonly key: string;
}

/** `Basic ...`, or undefined where something is missing or unusable (told). */
export function grafanaAuthorization(
  credentials: Credentials,
  findings: Findings,
): string | undefined {
  const pair = pairOf(credentials, findings);
  if (pair === undefined) return undefined;
  const { key, id, idName, keyName } = credentials;
  if (!/^[\x21-\x7e]+$/.test(pair.key)) {
    findings.problem(
      'environment',
      `${key?.name ?? keyName} holds blanks, control or non-ASCII characters, which no token has. Copy it again.`,
    );
    return undefined;
  }
  if (!idShape.test(pair.id)) {
    const looks = tokenShape.test(pair.id) ? 'looks like a token' : 'is not a number';
    findings.problem(
      'environment',
      `${id?.name ?? idName} ${looks}. It must be the stack's OTLP instance id, a number: see the stack page, OpenTelemetry, Configure.`,
    );
    if (tokenShape.test(pair.id)) return undefined;
  }
  warnOfServiceAccount(pair.key, key?.name ?? keyName, findings);
  return basic(pair);
}

/** Judges an Authorization header that goes to Grafana Cloud, and repairs it where the meaning is plain. */
export function checkAuthorization(value: string, name: string, findings: Findings): string {
  const unquoted = value.replace(/^["']|["']$/g, '');
  const [, scheme = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(unquoted) ?? [];
  const credentials = rest === '' ? scheme : rest;
  if (rest !== '' && scheme.toLowerCase() !== 'basic') return value;
  const pair = splitPair(credentials) ?? splitPair(fromBase64(credentials));
  if (pair === undefined) {
    findings.problem(
      'environment',
      `${name}: Authorization does not hold the base64 of "<instance id>:<token>". Expected is Authorization=Basic%20<base64>, as the stack page hands it out.`,
    );
    return value;
  }
  const trimmed = { id: pair.id.trim(), key: pair.key.trim() };
  if (!idShape.test(trimmed.id)) {
    findings.problem(
      'environment',
      `${name}: the user in Authorization must be the stack's OTLP instance id, a number.`,
    );
  }
  warnOfServiceAccount(trimmed.key, name, findings);
  const repaired = basic(trimmed);
  if (repaired.slice(6) === rest && unquoted === value) return value;
  findings.notice(
    'OTEL_SETUP_CREDENTIALS_REPAIRED',
    'warn',
    `${name}: Authorization was not exactly Basic and the base64 of "<instance id>:<token>" without a line break; it was rebuilt so.`,
  );
  return repaired;
}

function pairOf({ id, key, idName, keyName }: Credentials, findings: Findings): Pair | undefined {
  const whole =
    key && (splitPair(stripScheme(key.value)) ?? splitPair(fromBase64(stripScheme(key.value))));
  if (key && whole && idShape.test(whole.id)) {
    findings.notice(
      'OTEL_SETUP_CREDENTIALS_REPAIRED',
      'warn',
      `${key.name} holds the instance id as well as the token; it was taken apart. Set ${idName} and ${keyName}.`,
    );
    return whole;
  }
  if (id === undefined || key === undefined) {
    missing({ id, key, idName, keyName }, findings);
    return undefined;
  }
  if (tokenShape.test(id.value) && idShape.test(key.value)) {
    findings.notice(
      'OTEL_SETUP_CREDENTIALS_REPAIRED',
      'warn',
      `${id.name} holds the token and ${key.name} the instance id; they were swapped. Swap the two settings.`,
    );
    return { id: key.value, key: id.value };
  }
  return { id: id.value, key: stripScheme(key.value) };
}

function missing({ id, key, idName, keyName }: Credentials, findings: Findings): void {
  if (id === undefined && key === undefined) return;
  const [absent, present] = id === undefined ? [idName, key?.name] : [keyName, id.name];
  findings.missing(
    [absent],
    `, and ${present} alone is not enough. Set both, from the stack page, OpenTelemetry, Configure.`,
  );
}

function warnOfServiceAccount(key: string, name: string, findings: Findings): void {
  if (!/^glsa_/i.test(key)) return;
  findings.problem(
    'environment',
    `${name} is a service account token (glsa_), which Grafana Cloud refuses for logs. Make an access policy token (glc_) with scope logs:write.`,
  );
}

function basic({ id, key }: Pair): string {
  return `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`;
}

function stripScheme(value: string): string {
  return value.replace(/^(?:basic|bearer)\s+/i, '');
}

function splitPair(text: string): Pair | undefined {
  const match = /^([^:\s]+):([\s\S]+)$/.exec(text);
  return match === null ? undefined : { id: match[1] ?? '', key: match[2] ?? '' };
}

/** Empty where the text is no base64 of ASCII. */
function fromBase64(text: string): string {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return '';
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return /^[\x20-\x7e\r\n]+$/.test(decoded) ? decoded : '';
}
