// What an application does, whichever module system brought it its logger.

exports.logThree = (logger) => {
  logger.info('order placed', { orderId: 42 });
  logger.child({ requestId: 'r-1' }).warn('stock low');
  logger.error('payment failed', new TypeError('card refused', { cause: new Error('limit') }));
};

/** Prints what the ledger says, and fails the program where it is not what it should be. */
exports.close = async (telemetry, expected) => {
  const { pending } = await telemetry.shutdown();
  const stats = telemetry.stats();
  process.stdout.write(`${JSON.stringify({ pending, stats })}\n`);
  const exact = stats.accepted === expected && stats.delivered === expected && pending === 0;
  if (!exact) process.exitCode = 3;
};
