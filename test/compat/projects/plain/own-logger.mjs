// An application that knows nothing of the SDK; started with `--import otel-setup/register`.
import winston from 'winston';
import threes from './log-three.cjs';

threes.logThree(winston.createLogger({ transports: [new winston.transports.Console()] }));
