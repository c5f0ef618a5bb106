// Tries wrong options in code and prints what init() throws.
import { ConfigError, init } from 'otel-setup';

try {
  init(JSON.parse(process.argv[2] ?? '{}'));
  process.stdout.write('started\n');
} catch (error) {
  if (!(error instanceof ConfigError)) {
    throw error;
  }
  process.stdout.write(`${JSON.stringify({ code: error.code, problems: error.problems })}\n`);
}
