// Most test files never flush: they must neither hang Jest nor lose their records.
const { init } = require('otel-setup');

test('a test file that forgets the logger ends as it would without it', () => {
  init().logger.warn('from a test', { file: 'unflushed' });
});
