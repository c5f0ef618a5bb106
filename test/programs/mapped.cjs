// Logs an Error of a line that a source map says to be line 100 of shop.ts.
const { init } = require('otel-setup');
const { logger } = init();
// The next line is the fifth: all that the map below knows.
logger.error(new RangeError('too far'));
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbInNob3AudHMiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6Ijs7OztBQW1HQSJ9
