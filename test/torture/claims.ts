// Fields that bear the names of what a record has of itself.

export const spanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
};

const otherTrace = 'ffffffffffffffffffffffffffffffff';

export const claims: readonly Readonly<Record<string, unknown>>[] = [
  { level: 'silly' },
  { level: { hostile: true } },
  { message: 'another' },
  { timestamp: '1999-12-31T23:59:59.999Z' },
  { timestamp: 1, time: 2, observedTimestamp: 3, observed_timestamp: 4 },
  { trace_id: otherTrace, span_id: 'ffffffffffffffff', trace_flags: '00' },
  { traceId: otherTrace, spanId: 'x', 'trace.id': otherTrace },
  { 'service.name': 'another', service_name: 'another', service: { name: 'another' } },
  { 'service.instance.id': 'another', 'deployment.environment.name': 'another' },
  { severity: 'fatal', severity_text: 'fatal', severity_number: 21, lvl: 'fatal' },
  { detected_level: 'fatal', log: { level: 'fatal' }, 'log.level': 'fatal' },
  { severityNumber: 1, severityText: 'trace', hrTime: [0, 0], body: 'another' },
  { resource: { attributes: { 'service.name': 'another' } }, scope_name: 'another' },
  { splat: ['%s', 'another'], format: 'another', exception: false },
];
