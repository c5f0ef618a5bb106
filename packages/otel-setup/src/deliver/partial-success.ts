// ExportLogsServiceResponse: what a 2xx may hide.

import { readFields } from './proto-reader.ts';

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const none: PartialSuccess = { rejected: 0, message: '' };

/** The partial success of a protobuf response; undefined where the bytes are no such message. */
export function readProtobufResponse(body: Uint8Array): PartialSuccess | undefined {
  let found: PartialSuccess | undefined = none;
  const wellFormed = readFields(body, 0, body.length, (field, wire, _value, start, end) => {
    if (field === 1 && wire === 2) found = readPartialSuccess(body, start, end);
  });
  return wellFormed ? found : undefined;
}

function readPartialSuccess(
  body: Uint8Array,
  start: number,
  end: number,
): PartialSuccess | undefined {
  let rejected = 0;
  let message = '';
  const wellFormed = readFields(body, start, end, (field, wire, value, from, to) => {
    if (field === 1 && wire === 0) rejected = value;
    if (field === 2 && wire === 2) message = new TextDecoder().decode(body.subarray(from, to));
  });
  return wellFormed ? { rejected, message } : undefined;
}

/**
 * The partial success of a JSON response; undefined where the text is no JSON object. One that is none of
 * OTLP's is a warning in its own words.
 */
export function readJsonResponse(text: string): PartialSuccess | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const partial = field(value, 'partialSuccess') ?? field(value, 'partial_success');
    if (typeof partial !== 'object' || partial === null) {
      const isOther = Object.keys(value).some((key) => !/^partial_?success$/i.test(key));
      return isOther ? { rejected: 0, message: text } : none;
    }
    const rejected = Number(
      field(partial, 'rejectedLogRecords') ?? field(partial, 'rejected_log_records') ?? 0,
    );
    const message = field(partial, 'errorMessage') ?? field(partial, 'error_message') ?? '';
    return {
      rejected: Number.isFinite(rejected) ? Math.max(0, rejected) : 0,
      message: String(message),
    };
  } catch {
    // Not JSON: the caller looks at what else it may be.
    return undefined;
  }
}

/** A JSON object by which a gateway or a catch-all page says that nothing was done, whatever its status. */
export function saysFailure(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return false;
    const isError = ['error', 'errors', 'fault', 'exception'].some((name) => field(value, name));
    const isNo = field(value, 'success') === false || field(value, 'ok') === false;
    return isError || isNo || /^(?:error|fail)/i.test(String(field(value, 'status') ?? ''));
  } catch {
    // No JSON says nothing of the kind.
    return false;
  }
}

function field(object: object, name: string): unknown {
  return (object as Record<string, unknown>)[name];
}
