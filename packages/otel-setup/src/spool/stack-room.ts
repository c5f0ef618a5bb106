// Whether the stack has room for what must not be cut off in the middle.
// An application logs from the `catch` of an endless recursion, too, where the next call may be one too many.

/** 64 KiB as arguments of a call: several times what any of our steps takes. */
const padding: readonly undefined[] = new Array<undefined>(8_192).fill(undefined);

const nothing = (): void => undefined;

/** Before a step that is rare and long: here nothing has begun yet. @throws {RangeError} where there is no room */
export function needStack(): void {
  Reflect.apply(nothing, undefined, padding);
}

/** V8's own word for stack or memory that is at its end; what Node says of an argument has a code. */
export function isExhausted(error: unknown): boolean {
  return error instanceof RangeError && !('code' in error);
}
