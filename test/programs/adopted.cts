// The same in CommonJS.
const winston = require('winston');

const logger = winston.createLogger({ transports: [new winston.transports.Console()] });
logger.info('from require', { id: 1 });
