// An application that knows nothing of the SDK; started with `--import otel-setup/register`.
const winston = require('winston');
const { logThree } = require('./log-three.cjs');

logThree(winston.createLogger({ transports: [new winston.transports.Console()] }));
