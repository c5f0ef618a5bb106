// Emits the same records whoever runs it: argument 1 is the time of the first, in milliseconds.
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { init } from 'otel-setup';

const base = Number(process.argv[2]);
const telemetry = init();
const emitter = telemetry.loggerProvider.getLogger('app');
const levels = [5, 9, 13, 17];
const urls = ['/health', '/orders', '/ready', '/carts/7'];
for (let nr = 0; nr < 240; nr++) {
  const randomness = ((BigInt(nr) << 56n) / 240n).toString(16).padStart(14, '0');
  const span = {
    traceId: `${'b'.repeat(18)}${randomness}`,
    spanId: '00000000000000aa',
    traceFlags: 1,
  };
  emitter.emit({
    timestamp: [Math.floor(base / 1_000), (base % 1_000) * 1_000_000 + nr * 1_000],
    severityNumber: levels[nr % levels.length] ?? 9,
    body: nr % 7 === 0 ? `tick ${nr}` : `request ${nr}`,
    ...(nr % 11 === 0 ? { eventName: 'heartbeat' } : {}),
    attributes: {
      nr,
      kind: nr % 3 === 0 ? 'page' : 'api',
      req: { url: urls[(nr % 5) % urls.length], ip: `10.0.0.${nr}`, headers: { accept: '*/*' } },
      ...(nr % 2 === 0 ? { user: `u${nr}` } : {}),
      ...(nr % 9 === 0 ? { audit: true } : {}),
      ...(nr % 10 === 0 ? { customer: 'already' } : {}),
      'odd "name" \\ `$x`': 'noise',
      note: 'token glc_abcdefghijklmnopqrstuvwxyz0123456789',
    },
    // Every fourth is outside of any trace.
    context: nr % 4 === 3 ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span),
  });
}
await telemetry.flush();
await telemetry.shutdown();
