// Loaded twice, by `import` and by `require`: still one pipeline, and no record twice.
import { createRequire } from 'node:module';
import { init } from 'otel-setup';
import threes from './log-three.cjs';

const telemetry = init();
const again = createRequire(import.meta.url)('otel-setup').init();
if (again.logger !== telemetry.logger) process.exitCode = 4;
threes.logThree(again.logger);
await threes.close(telemetry, 3);
