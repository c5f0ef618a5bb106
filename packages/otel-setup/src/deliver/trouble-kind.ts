// The kinds of trouble on the way out, and what is known of each.

import type { Notice, NoticeCode } from '../errors.ts';

export interface RouteNames {
  /** `direct` or `alloy`. */
  readonly routeName: string;
  /** Scheme, host and port of the endpoint, without user-info. */
  readonly origin: string;
  /** The settings a person has to look at. */
  readonly settings: { readonly url: string; readonly credentials: string };
}

/** Each names a row of the table below. */
export type TroubleKind =
  | 'unauthorized'
  | 'tenant'
  | 'forbidden'
  | 'not-found'
  | 'redirect'
  | 'web-page'
  | 'blocked'
  | 'unexpected'
  | 'client-error'
  | 'metadata-disallowed'
  | 'rate-limited'
  | 'server-error'
  | 'network'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'tls-files'
  | 'plain-http'
  | 'wrong-zone'
  | 'timeout'
  | 'proxy'
  | 'unnamed-proxy'
  | 'forbidden-address'
  | 'invalid-request'
  | 'rejected'
  | 'entries'
  | 'labels'
  | 'partial-success'
  | 'server-warning'
  | 'too-large'
  | 'truncated'
  | 'oversized'
  | 'internal';

export interface Trouble {
  readonly code: NoticeCode;
  readonly level: Notice['level'];
  /** Continues "The endpoint <origin> …". */
  readonly what: string;
  /** @param why the server's words, or the failure's. */
  readonly fix: (names: RouteNames, why: string) => string;
}
