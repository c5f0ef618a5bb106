const { init } = require('otel-setup');
const { close, logThree } = require('./log-three.cjs');

const telemetry = init();
logThree(telemetry.logger);
close(telemetry, 3);
