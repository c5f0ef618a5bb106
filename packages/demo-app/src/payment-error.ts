// What a failed payment throws: it carries a code, and as its cause what the provider said.

export class PaymentError extends Error {
  override readonly name = 'PaymentError';
  readonly code = 'PAYMENT_FAILED';
  readonly retryable = true;
}
