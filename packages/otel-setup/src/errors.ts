// The one error init() throws, and the notice every other trouble becomes.

/** A stable name of a trouble; `docs/troubleshooting.md` explains each. */
export type NoticeCode = `OTEL_SETUP_${string}`;

/** One thing worth a person's attention: what happened, why, and what to do. Never holds a secret. */
export interface Notice {
  readonly code: NoticeCode;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/**
 * Options in code are wrong (or, with `strict`, the environment is). Thrown by `init()` before
 * anything starts; `problems` holds every problem found, one sentence each, never a secret.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'OTEL_SETUP_CONFIG';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} problems:\n- ${problems.join('\n- ')}`,
      options,
    );
    this.problems = problems;
  }
}
