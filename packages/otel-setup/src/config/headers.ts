// Request headers from a variable or from code: names and values that may travel, the rest refused.

import type { Findings, Origin, Setting } from './findings.ts';

export type Headers = Record<string, string>;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const latin1 = /^[\t\x20-\x7e\x80-\xff]*$/;
const secretShape = /^gl(?:c|sa)_/i;

/** Set by the sender itself, or able to split one request into two. */
const forbidden = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface Entry {
  readonly label: string;
  readonly name: string;
  readonly value: string;
}

/** Splits on `,`, then on the first `=`; trims; percent-decodes, and keeps what cannot be decoded. */
export function parseHeaders(setting: Setting, findings: Findings): Headers {
  const entries = setting.value
    .split(',')
    .map((text, index) => ({ text: text.trim(), label: `entry ${index + 1}` }))
    .filter(({ text }) => text !== '')
    .map(({ text, label }) => ({ label, ...splitEntry(text) }));
  return acceptHeaders(entries, setting, findings);
}

/** Headers given in code, where each is named. */
export function checkHeaders(
  headers: Readonly<Headers>,
  name: string,
  findings: Findings,
): Headers {
  const entries = Object.entries(headers).map(([key, value], index) => ({
    label: `entry ${index + 1}`,
    name: key.trim(),
    value: value.trim(),
  }));
  return acceptHeaders(entries, { name, origin: 'code' }, findings);
}

function splitEntry(text: string): { name: string; value: string } {
  // `Authorization: Basic ...`, pasted as it stands in an HTTP request.
  const colon = /^(authorization)\s*:\s*([\s\S]*)$/i.exec(text);
  if (colon !== null) return { name: colon[1] ?? '', value: decode(colon[2] ?? '') };
  const split = text.indexOf('=');
  if (split < 0) return { name: '', value: '' };
  return { name: decode(text.slice(0, split).trim()), value: decode(text.slice(split + 1).trim()) };
}

function acceptHeaders(
  entries: readonly Entry[],
  setting: { readonly name: string; readonly origin: Origin },
  findings: Findings,
): Headers {
  const accepted = new Map<string, string>();
  const refused: string[] = [];
  for (const { label, name, value } of entries) {
    const reason = refusal(name, value);
    if (reason === undefined) accepted.set(name.toLowerCase(), value);
    else refused.push(`${label} ${reason}`);
  }
  if (refused.length > 0) {
    findings.problem(
      setting.origin,
      `${setting.name}: headers were refused: ${refused.join('; ')}. Expected is name=value, separated by commas, in printable Latin-1.`,
    );
  }
  return Object.fromEntries(accepted);
}

function refusal(name: string, value: string): string | undefined {
  if (name === '') return 'has no name and "="';
  if (secretShape.test(name))
    return 'is a token without a header name (Authorization=Basic%20... is meant)';
  if (!token.test(name)) return 'has a name that HTTP does not allow';
  if (forbidden.has(name.toLowerCase()))
    return `is "${name.toLowerCase()}", which is not yours to set`;
  if (/[\r\n\0]/.test(value)) return 'holds a line break or NUL';
  if (!latin1.test(value)) return 'holds characters outside printable Latin-1';
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all (a plain % in a password): the raw text is what was meant.
    return text;
  }
}
