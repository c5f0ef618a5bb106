// What was typed makes no sense: told with a hint, exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @param command whose help says how it is called */
export function usageError(error: unknown, command: string): UsageError {
  const words = error instanceof Error ? error.message : String(error);
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  return new UsageError(`${sentence} See: npx otel-setup ${command} --help`, { cause: error });
}
