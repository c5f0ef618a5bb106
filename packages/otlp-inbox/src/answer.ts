// The answers of Loki and of OTLP receivers, with their small protobuf bodies.

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The text in the body, for the person who reads the log of requests. */
  readonly message: string;
}

const protobuf = 'application/x-protobuf';
const json = 'application/json';

export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: new Uint8Array(), message: '' };
}

/** google.rpc.Status with the text in field 2, as Loki writes it whatever was sent. */
export function statusAnswer(status: number, message: string): Answer {
  const body = lengthDelimited(2, Buffer.from(message));
  return { status, headers: { 'content-type': 'application/octet-stream' }, body, message };
}

export function textAnswer(
  status: number,
  message: string,
  contentType = 'text/plain; charset=utf-8',
): Answer {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(message), message };
}

/** ExportLogsServiceResponse; with `rejected` or a message it carries `partial_success`. */
export function successAnswer(isJson: boolean, rejected = 0, message = ''): Answer {
  const headers = { 'content-type': isJson ? json : protobuf };
  const isWhole = rejected === 0 && message === '';
  if (isJson) {
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: message };
    const body = Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }));
    return { status: 200, headers, body, message };
  }
  if (isWhole) return { status: 200, headers, body: new Uint8Array(), message };
  const partial = Buffer.concat([
    rejected > 0 ? Buffer.concat([Buffer.from([0x08]), varint(rejected)]) : Buffer.alloc(0),
    message === '' ? Buffer.alloc(0) : lengthDelimited(2, Buffer.from(message)),
  ]);
  return { status: 200, headers, body: lengthDelimited(1, partial), message };
}

/** A 200 of about so many bytes, nearly all in a field that no reader knows. */
export function paddedAnswer(bytes: number): Answer {
  const body = lengthDelimited(15, Buffer.alloc(Math.max(0, bytes - 5)));
  return { ...successAnswer(false), body };
}

function lengthDelimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
