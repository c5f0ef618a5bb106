// The server's own words out of an error body: google.rpc.Status, JSON or text; fit to be printed.

import type { ServerAnswer } from './answer.ts';
import { readFields } from './proto-reader.ts';

const maxWords = 200;

/** The whole text of an error body; for comparing with known texts, never for printing. */
export function bodyText(answer: ServerAnswer): string {
  if (answer.body.length === 0) return '';
  const status = statusMessage(answer.body, answer.cut);
  if (status !== undefined) return status;
  const text = new TextDecoder().decode(answer.body);
  return jsonMessage(text) ?? htmlTitle(text) ?? text;
}

/**
 * At most 200 characters on one line, control characters removed. Secrets are masked: those given,
 * and whatever looks like one.
 */
export function cleanWords(text: string, secrets: readonly string[]): string {
  // Loki puts the stream's labels before the reason; the reason is what is of use.
  const reason = withoutWrapper(text.slice(0, 16_384)).replace(/'?\{[^{}]{40,}\}'?/g, '{…}');
  const words = maskShapes(maskSecrets(reason, secrets, 4))
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return words.length > maxWords ? `${words.slice(0, maxWords - 1)}…` : words;
}

/** A collector, Alloy among them, puts what happened to it before what the server behind it said. */
function withoutWrapper(text: string): string {
  return text
    .replace(/(?:Permanent error: )?rpc error: code = \w+ desc = /g, '')
    .replace(
      /error exporting items, request to \S+ responded with HTTP Status Code (\d+), Message=/g,
      'behind it HTTP $1: ',
    );
}

/** @param shortest a part of a secret that has fewer characters may be an ordinary word. */
export function maskSecrets(text: string, secrets: readonly string[], shortest: number): string {
  let masked = text;
  for (const secret of secrets) {
    for (const part of partsOf(secret)) {
      if (part.length >= shortest) masked = masked.split(part).join('***');
    }
  }
  return masked;
}

/** A server may repeat a token without the scheme before it, or the password that it unpacked. */
function partsOf(secret: string): string[] {
  const token = secret.slice(secret.lastIndexOf(' ') + 1);
  const unpacked = Buffer.from(token, 'base64').toString();
  const colon = unpacked.indexOf(':');
  return [secret, token, ...(colon < 0 ? [] : [unpacked.slice(colon + 1)])];
}

function maskShapes(text: string): string {
  return text
    .replace(/\b(glc_|glsa_)[\w+/=-]+/g, '$1***')
    .replace(/\b(basic|bearer)(\s+|%20)[\w.+/=~-]{6,}/gi, '$1 ***')
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '***')
    .replace(/\/\/[^\s/@]+@/g, '//***@');
}

function statusMessage(body: Uint8Array, cut: boolean): string | undefined {
  let message: string | undefined;
  const wellFormed = readFields(body, 0, body.length, (field, wire, _value, start, end) => {
    if (field === 2 && wire === 2) message = new TextDecoder().decode(body.subarray(start, end));
  });
  if (wellFormed || !cut) return wellFormed ? message : undefined;
  // The message reaches over the end of what was read: tag and length, then text to the end.
  let at = body[0] === 0x12 ? 1 : body.indexOf(0x12, 1) + 1;
  if (at === 0 || at > 4) return undefined;
  while ((body[at] ?? 0) > 127) at += 1;
  return new TextDecoder().decode(body.subarray(at + 1));
}

function jsonMessage(text: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = value as Record<string, unknown>;
    for (const name of ['message', 'error', 'error_description', 'detail']) {
      const field = fields[name];
      if (typeof field === 'string' && field !== '') return field;
    }
  } catch {
    // Not JSON after all, or cut off: the text itself serves.
  }
  return undefined;
}

function htmlTitle(text: string): string | undefined {
  return /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
}
