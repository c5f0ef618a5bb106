/** Of any make: in Jest, what Node itself promises is no `Promise` of the test's. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof Object(value).then === 'function';
}
