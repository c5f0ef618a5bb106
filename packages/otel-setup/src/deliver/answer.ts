// What comes back from one POST, and the function that makes it. A Send never rejects.

export interface AnswerHeaders {
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
}

/** Why no answer came. The message names host and code, never a header's value. */
export type FailureKind =
  | 'network'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'tls-files'
  | 'timeout'
  | 'proxy'
  | 'forbidden-address'
  | 'invalid-request'
  | 'aborted';

export interface ServerAnswer {
  readonly type: 'answer';
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** At most 64 KiB, unpacked. */
  readonly body: Uint8Array;
  /** The body was longer than what is kept of it, or could not be unpacked within the bound. */
  readonly cut: boolean;
  /** Bytes of the request's body as they went out. */
  readonly wireBytes: number;
}

export interface SendFailure {
  readonly type: 'failure';
  readonly kind: FailureKind;
  readonly message: string;
  readonly code: string | undefined;
}

export type Answer = ServerAnswer | SendFailure;

/** POSTs one OTLP request (an empty body is a probe that stores nothing). Never rejects. */
export type Send = (body: Uint8Array, signal: AbortSignal) => Promise<Answer>;
