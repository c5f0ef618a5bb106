// What was typed makes no sense: told with a hint, exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}
