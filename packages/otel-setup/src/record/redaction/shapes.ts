// Texts that cannot be anything but a secret, by how they look.

/** `pattern` is the whole secret from its start on, in the syntax that RE2 and JavaScript share. Case counts. */
export interface Shape {
  /** The name under which `stats()` counts it. */
  readonly rule: string;
  /** What a text is searched for; no letter or digit stands before it, but that of an escape. */
  readonly starts: readonly string[];
  readonly pattern: string;
  /** What a pattern cannot say. */
  isSecret?(found: string): boolean;
}

export const shapes: readonly Shape[] = [
  { rule: 'grafana_token', starts: ['glc_', 'glsa_'], pattern: 'gl(?:c|sa)_[A-Za-z0-9+/=_-]{6,}' },
  {
    rule: 'jwt',
    starts: ['eyJ'],
    // Three parts; five where it is encrypted.
    pattern: 'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]+){0,2}',
  },
  { rule: 'aws_key', starts: ['AKIA', 'ASIA'], pattern: 'A(?:K|S)IA[A-Z0-9]{16}\\b' },
  {
    rule: 'authorization',
    starts: ['Bearer ', 'bearer ', 'BEARER '],
    pattern: '(?:Bearer|bearer|BEARER) {1,4}[A-Za-z0-9._~+/-]{12,}=*',
    isSecret: (found) => /[0-9]/.test(found),
  },
  {
    rule: 'authorization',
    starts: ['Basic ', 'basic ', 'BASIC '],
    // A colon within the first 192 bytes, in each of the three ways in which base64 may hold it.
    pattern:
      '(?:Basic|basic|BASIC) {1,4}(?:[A-Za-z0-9+/_-]{4}){0,64}(?:O[g-v]|[A-Za-z0-9+/_-][DTjz][o-r]|[A-Za-z0-9+/_-]{2}[AEIMQUYcgkosw048]6)[A-Za-z0-9+/_-]*={0,2}',
    isSecret: (found) => found.length > 12 && /[A-Z0-9]/.test(found.slice(6)),
  },
  {
    rule: 'github_token',
    starts: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    // Those of an installation are a JWT behind their prefix.
    pattern:
      'g(?:h[opur]|ithub_pat)_[A-Za-z0-9_]{20,}|ghs_[A-Za-z0-9_-]{20,}(?:\\.[A-Za-z0-9_-]{2,}){0,2}',
  },
  {
    rule: 'gitlab_token',
    starts: ['glpat-', 'glrt-', 'gldt-', 'glrtr-', 'glcbt-', 'glptt-', 'gloas-', 'glagent-'],
    pattern: 'gl(?:pat|dt|rtr?|cbt|ptt|oas|agent)-[A-Za-z0-9_.-]{20,}',
  },
  {
    rule: 'slack_token',
    starts: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxc-', 'xoxd-', 'xapp-'],
    pattern: 'x(?:ox[abcdeprs]|app)-[A-Za-z0-9%-]{10,}',
  },
  {
    rule: 'stripe_key',
    starts: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
    pattern: '(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{10,}',
  },
  { rule: 'npm_token', starts: ['npm_'], pattern: 'npm_[A-Za-z0-9]{36}\\b' },
  { rule: 'google_key', starts: ['AIza'], pattern: 'AIza[A-Za-z0-9_-]{35}' },
  {
    rule: 'openai_key',
    starts: ['sk-'],
    pattern: 'sk-(?:(?:proj|ant|svcacct|or|admin)-[A-Za-z0-9_-]{16,}|[A-Za-z0-9]{32,})',
  },
  {
    rule: 'sendgrid_key',
    starts: ['SG.'],
    pattern: 'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}',
  },
  {
    rule: 'slack_webhook',
    starts: ['hooks.slack.'],
    pattern: 'hooks\\.slack\\.com/services/[A-Z0-9]{8,}/[A-Z0-9]{8,}/[A-Za-z0-9]{16,}',
  },
  {
    // A PEM block of a private key in base64; the words of a certificate differ.
    rule: 'private_key',
    starts: ['LS0tLS1CRUdJTiB'],
    pattern:
      'LS0tLS1CRUdJTiB(?:QUklWQVRFIEtFW|SU0EgUFJJVkFURSBLRV|FQyBQUklWQVRFIEtFW|PUEVOU1NIIFBSSVZBVEUgS0VZ|FTkNSWVBURUQgUFJJVkFURSBLRV)[A-Za-z0-9+/]+={0,2}',
  },
  // What has no rule of its own: each with the length that its maker gives it, or a little less.
  { rule: 'token', starts: ['fm2_', 'fo1_'], pattern: 'f(?:m2|o1)_[A-Za-z0-9+/_-]{32,}={0,3}' },
  { rule: 'token', starts: ['hvs.'], pattern: 'hvs\\.[A-Za-z0-9_-]{24,}' },
  { rule: 'token', starts: ['hf_'], pattern: 'hf_[A-Za-z0-9]{34}\\b' },
  { rule: 'token', starts: ['dop_v1_'], pattern: 'dop_v1_[A-Za-z0-9]{64}\\b' },
  {
    rule: 'token',
    starts: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: 'shp(?:at|ca|pa|ss)_[A-Za-z0-9]{32}\\b',
  },
  { rule: 'token', starts: ['lin_api_'], pattern: 'lin_api_[A-Za-z0-9]{40}\\b' },
  { rule: 'token', starts: ['pypi-'], pattern: 'pypi-AgE[A-Za-z0-9_-]{50,}' },
  { rule: 'token', starts: ['NRAK-'], pattern: 'NRAK-[A-Za-z0-9]{27}\\b' },
  { rule: 'token', starts: ['AGE-SECRET-KEY-'], pattern: 'AGE-SECRET-KEY-1[A-Za-z0-9]{58}\\b' },
  { rule: 'google_token', starts: ['ya29.'], pattern: 'ya29\\.(?:c\\.)?[A-Za-z0-9_-]{32,}' },
  { rule: 'google_token', starts: ['GOCSPX-'], pattern: 'GOCSPX-[A-Za-z0-9_-]{28}' },
];

/** `scheme://user:password@host`, from `://` on; what stands between the second colon and the last @ is secret. */
export const urlCredentials = '://[^\\s:@/?#"\'`<>\\\\]*:([^\\s/?#"\'`<>\\\\]+)@';

/**
 * A password with `/`, `#` or a space in it, up to the first @ that has a host behind it; no port. For
 * schemes other than those of the web, whose paths have an @ more often.
 */
export const databaseCredentials =
  '://[^\\s:@/?#[\\]"\'`<>\\\\]*:(?!\\d{1,5}(?:[/?#,\\s"\'`]|$))((?:[^\\s/"\'`<>\\\\]|/(?!/))+?(?: (?:[^\\s/,"\'`<>\\\\]|/(?!/))+?)?)@(?=[\\w.[-])(?![^\\s/?#@"\'`<>\\\\]*@)';

/** A whole PEM block; one that was cut ends with its text. */
export const privateKey =
  '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)';

/** What stands beside an AWS access key id. */
export const awsSecretKey = '[A-Za-z0-9/+]{40}';
