// The next process of the service: it takes over what a test file left in the spool, and ends when
// that is delivered.
const { init } = require('otel-setup');

const telemetry = init();
const timer = setInterval(() => {
  const { accepted, pending } = telemetry.stats().adopted;
  if (accepted === 0 || pending > 0) return;
  clearInterval(timer);
  telemetry.shutdown();
}, 20);
