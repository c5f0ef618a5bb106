// The doctor's own record, made and encoded as an application's are.

import { randomUUID } from 'node:crypto';
import { composeRequest } from '../../encode/compose-request.ts';
import { encodeDefinition } from '../../encode/encode-definition.ts';
import { RecordEncoder } from '../../encode/encode-record.ts';
import type { Batch } from '../../record/batch.ts';
import type { Attributes, LogRecord } from '../../record/log-record.ts';
import { fitResource } from '../../record/resource.ts';
import { createTimestamps } from '../../record/timestamps.ts';
import { version } from '../../version.ts';
import type { Examination } from './examination.ts';

export interface TestRecord {
  readonly record: LogRecord;
  /** Within Loki's limits, as an application's. */
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
  readonly batch: Batch;
  /** The OTLP request that holds it alone. */
  readonly request: Uint8Array;
  /** Finds it again: the value of its attribute `doctor.id`. */
  readonly id: string;
  readonly timeMs: number;
}

/** By this name Loki keeps the attribute. */
export const idInLoki = 'doctor_id';

export function makeTestRecord({ config, world }: Examination): TestRecord {
  const id = randomUUID();
  const timeMs = world.clock.now();
  const time = createTimestamps(() => timeMs)();
  const record: LogRecord = {
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 9,
    severityText: 'info',
    body: 'otel-setup doctor: a test record',
    eventName: 'otel_setup.doctor',
    attributes: { 'doctor.id': id },
    droppedAttributesCount: 0,
  };
  const { attributes: resource } = fitResource(Object.entries(config.resource));
  const scope = { name: 'otel-setup doctor', version };
  const encoder = new RecordEncoder();
  const length = encoder.encode(record);
  const batch: Batch = {
    bytes: encoder.bytes,
    starts: [0],
    ends: [length],
    seqs: [1],
    definitions: [encodeDefinition({ attributes: resource }, scope)],
    count: 1,
  };
  return { record, resource, scope, batch, request: composeRequest(batch), id, timeMs };
}
