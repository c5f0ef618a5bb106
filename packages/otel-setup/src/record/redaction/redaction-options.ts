// What init({ redaction }) takes.

export const presetNames = ['cards', 'emails', 'ips'] as const;
/** Personal data to look for in texts: payment card numbers (Luhn), e-mail addresses, IPv4 and IPv6 addresses. */
export type RedactionPreset = (typeof presetNames)[number];

/** On top of what is redacted by default: values under secret keys, and texts with the shape of a secret. */
export interface RedactionOptions {
  /**
   * Personal data to redact in texts, too: `cards` (card numbers with a valid check digit, as numbers
   * as well), `emails`, `ips` (IPv4 and IPv6 addresses).
   * @default none
   */
  readonly presets?: readonly RedactionPreset[] | undefined;
  /**
   * Further keys, in any case and with any separator: `sessionId` also means `session-id` and
   * `user.SESSION_ID`. Whatever stands under them is redacted, numbers and objects too.
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Keys that keep their texts though they are named like secrets, for example a parser's `token`. In
   * any case and with any separator, but no longer key that ends so: `accessToken` stays a secret.
   */
  readonly allowKeys?: readonly string[] | undefined;
  /**
   * Paths as pino's `redact` knows them, `*` for any key or index: `req.headers["x-session"]`,
   * `users[*].name`, `*.ssn`. `message` is the record's text. Whatever stands there is redacted.
   */
  readonly paths?: readonly string[] | undefined;
  /**
   * What these match in any text is redacted. They run on the caller's thread for each text: keep
   * them linear.
   */
  readonly patterns?: readonly RegExp[] | undefined;
  /**
   * What stands in place of a secret. Not empty.
   * @default '[redacted]'
   */
  readonly censor?: string | undefined;
}
