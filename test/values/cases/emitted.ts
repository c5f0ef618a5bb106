// Records of other OpenTelemetry sources.

import type { Case, Expected, Group } from '../case.ts';

function emit(name: string, record: string, body: Expected, fields: Case['fields'] = {}): Case {
  const code = `loggerProvider.getLogger('cart', '1.0.0').emit(${record})`;
  return { name, code, body, fields, severity: '' };
}

export const emitted: Group = {
  title: 'Records of another OpenTelemetry source',
  cases: [
    emit('text', "{ body: 'm', attributes: { a: 1 } }", 'm', { a: 1 }),
    {
      ...emit('severity', "{ body: 'm', severityNumber: 13, severityText: 'WARN' }", 'm'),
      severity: 'WARN',
    },
    emit('map for a body', '{ body: { order: { id: 7 } } }', { order: { id: 7 } }),
    emit('bytes for a body', '{ body: new Uint8Array([104, 105]) }', new Uint8Array([104, 105])),
    {
      ...emit(
        'severity beyond the range',
        "{ body: 'm', severityNumber: Infinity, severityText: 5 }",
        'm',
      ),
      severity: '5',
    },
    emit(
      'time that is none',
      "{ body: 'm', timestamp: new Date(NaN), observedTimestamp: NaN }",
      'm',
    ),
    emit('no body', '{ attributes: { a: 1 } }', null, { a: 1 }),
    {
      ...emit('event name', "{ eventName: 'order.placed', body: 'm' }", 'm'),
      event: 'order.placed',
    },
    {
      ...emit(
        'event name, and another among the attributes',
        "{ eventName: 'order.placed', body: 'm', attributes: { 'event.name': 'other' } }",
        'm',
        {
          'event.name_2': 'other',
          'otel_setup.renamed': 'event.name -> event.name_2',
        },
      ),
      event: 'order.placed',
    },
    emit('Error', "{ body: 'm', exception: new RangeError('too far') }", 'm', {
      'exception.type': 'RangeError',
      'exception.message': 'too far',
      'exception.stacktrace': /^RangeError: too far\n {4}at /,
    }),
    emit('cycle for a body', '{ body: cyclic }', { self: '[Circular]' }),
  ],
};
