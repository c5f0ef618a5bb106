// Which keys name a secret: those whose last words do.

/** Joined without separators. `tokens` is not among them: it counts, or it lists words. */
const secretNames: ReadonlySet<string> = new Set([
  ...['authorization', 'proxyauthorization', 'cookie', 'cookies', 'setcookie', 'jwt', 'bearer'],
  ...['password', 'passwords', 'passwd', 'passphrase', 'passcode', 'pwd', 'pass'],
  ...['passwordhash', 'passworddigest', 'passwdhash', 'passwddigest'],
  ...['dbpassword', 'userpassword', 'adminpassword', 'rootpassword', 'newpassword', 'oldpassword'],
  ...['secret', 'secrets', 'clientsecret', 'apisecret', 'appsecret', 'consumersecret'],
  ...['secretstring', 'secretbinary'],
  ...['token', 'accesstoken', 'refreshtoken', 'idtoken', 'authtoken', 'sessiontoken', 'apitoken'],
  ...['bearertoken', 'securitytoken', 'usertoken', 'bottoken', 'accesstokens', 'refreshtokens'],
  ...[
    'apikey',
    'apikeys',
    'appkey',
    'secretkey',
    'privatekey',
    'accesskey',
    'authkey',
    'masterkey',
  ],
  ...['encryptionkey', 'signingkey', 'sharedkey', 'accountkey', 'subscriptionkey', 'sshkey'],
  ...['secretaccesskey', 'licensekey', 'credential', 'credentials'],
]);

/** `pass` is a password only alone or behind one of these. */
const beforePass = new Set(
  'db database smtp mail email user usr ftp sftp http proxy admin root login auth redis mysql pg postgres mongo ldap basic'.split(
    ' ',
  ),
);

/** A token behind one of these is a place in a list, or a part of a text. */
const beforeInnocentToken = new Set(
  'page next prev previous continuation continue sync cursor cancel cancellation abort start end resume stop pad eos bos unk mask max min num'.split(
    ' ',
  ),
);

/** Names and values by turns stand under `headers`, alone or behind one of these. */
const beforeHeaders = new Set('raw http request response req res'.split(' '));

/** Keys that begin so ask or tell something about a secret. */
const askingWords = new Set(
  'is has had needs need requires require can should supports support enable enabled allow allowed show hide forgot use uses'.split(
    ' ',
  ),
);

/** They may stand behind a secret's name. */
const trailingWords = new Set(
  'value header confirm confirmation repeat again old new current previous raw plain plaintext base64 pem v prod production staging live sandbox'.split(
    ' ',
  ),
);
/** These only as in STRIPE_SECRET_KEY_TEST: passwordTest may have failed. */
const trailingCapitals = new Set(['dev', 'test']);

/** PGPASSWORD, stripeapikey; not NOPASSWD or forgotpassword. */
const joinedName =
  /^(?!no|is|has|show|hide|forgot|lost|reset|change|set|update|check|verify|need|use|allow|require)[a-z]{2,}(?:password|passwd|passphrase|apikey)$/;

/** Under a secret's name these keys have it: `{ password: { value: 'x' } }`, `{ name: 'password', value: 'x' }`. */
export const valueKeys: ReadonlySet<string> = new Set(
  'value val raw plain plaintext text data content parameter old new current previous'.split(' '),
);

/** Under these each text of a map is a secret, whatever its own key. */
const containerNames = new Set(['cookies', 'secrets', 'passwords', 'apikeys']);

/**
 * `secret`: texts under it are. `container`: those of a map under it, too. `headers`: names and values
 * by turns. `pwd`: texts that are no folder. `auth`: Basic credentials. `own`: whatever stands under it.
 */
export type KeyKind = 'secret' | 'container' | 'headers' | 'pwd' | 'auth' | 'own' | 'none';

const maxLength = 256;

/** The words of a key in lower case: `X-APIKey2` is x, api, key, 2. Of any script. */
export function wordsOf(key: string): string[] {
  const end = key.slice(-maxLength);
  const words = /^[ -~]*$/.test(end)
    ? end.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g)
    : end
        .normalize()
        .match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[\p{Lo}\p{Lt}\p{Lm}\p{M}]+|\p{N}+/gu);
  return words?.map((word) => word.toLowerCase()) ?? [];
}

export function secretKind(key: string): KeyKind {
  const words = wordsOf(key);
  const last = words.at(-1);
  if (last === 'headers' || last === 'trailers') {
    return isHeaderList(key) ? 'headers' : 'none';
  }
  if (last === 'auth') {
    return 'auth';
  }
  while (words.length > 1 && isTrailing(words.at(-1), key)) {
    words.pop();
  }
  if (!isSecretName(words) || isAsking(key)) {
    return 'none';
  }
  if (/(?:^|env\.)pwd$/i.test(key)) {
    return 'pwd';
  }
  const isContainer = [1, 2].some((count) => containerNames.has(joined(words, count)));
  return isContainer ? 'container' : 'secret';
}

function isTrailing(word = '', key: string): boolean {
  return (
    trailingWords.has(word) ||
    /^[0-9]+$/.test(word) ||
    (trailingCapitals.has(word) && !/[a-z]/.test(key))
  );
}

function isSecretName(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (last === 'pass') {
    return words.length === 1 || beforePass.has(before);
  }
  if (last === 'token' && beforeInnocentToken.has(before)) {
    return false;
  }
  return joinedName.test(last) || [1, 2, 3].some((count) => secretNames.has(joined(words, count)));
}

function joined(words: readonly string[], count: number): string {
  return words.slice(-count).join('');
}

/** `rawHeaders` and `req.headers`; `allowedHeaders` and `SignedHeaders` list names. */
function isHeaderList(key: string): boolean {
  const words = wordsOf(key.slice(key.lastIndexOf('.') + 1));
  return words.length === 1 || (words.length === 2 && beforeHeaders.has(words[0] ?? ''));
}

/** `hasPassword` and `user.is_token`, but not `is.password`. */
function isAsking(key: string): boolean {
  const words = wordsOf(key.slice(key.lastIndexOf('.') + 1));
  return words.length > 1 && askingWords.has(words[0] ?? '');
}
