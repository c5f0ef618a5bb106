import { init } from 'otel-setup';
import threes from './log-three.cjs';

const telemetry = init();
threes.logThree(telemetry.logger);
await threes.close(telemetry, 3);
