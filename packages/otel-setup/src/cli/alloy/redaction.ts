// The redaction that is on by default, as far as OTTL can say it.

import { shapes, urlCredentials } from '../../record/redaction/shapes.ts';
import { attribute, literal } from './ottl.ts';

/** The secret keys met most. OTTL cannot ask a key for its words, as the library does. */
const secretKeys = [
  ...['authorization', 'Authorization', 'cookie', 'Cookie', 'set-cookie', 'jwt'],
  ...['password', 'passwd', 'pwd', 'secret', 'client_secret', 'clientSecret'],
  ...['token', 'access_token', 'accessToken', 'refresh_token', 'refreshToken', 'id_token'],
  ...['api_key', 'apiKey', 'x-api-key', 'credentials'],
];

const censor = '[redacted]';

export function redactionStatements(): readonly string[] {
  const patterns = [
    // No letter or digit stands before a secret's first character.
    ...shapes.map(({ pattern }) => [`(^|[^A-Za-z0-9])(?:${pattern})`, `$\{1}${censor}`] as const),
    [urlCredentials, `://${censor}@`] as const,
  ];
  return [
    ...patterns.flatMap(([pattern, mark]) => [
      `replace_pattern(log.body, ${literal(pattern)}, ${literal(mark)}) where IsString(log.body)`,
      `replace_all_patterns(log.attributes, "value", ${literal(pattern)}, ${literal(mark)})`,
    ]),
    ...secretKeys.map((key) => {
      const target = attribute(key);
      return `set(${target}, ${literal(censor)}) where IsString(${target})`;
    }),
  ];
}
