const { init } = require('otel-setup');

const telemetry = init();

afterAll(async () => {
  expect(await telemetry.flush()).toHaveProperty('pending', 0);
  expect(telemetry.stats()).toMatchObject({ accepted: 2, delivered: 2 });
});

test('a logger under Jest logs what the code under test says', () => {
  telemetry.logger.info('from a test', { file: 'flushed' });
  telemetry.logger.error('from a test', new TypeError('made by a test'));
});
