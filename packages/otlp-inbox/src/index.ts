// An OTLP/HTTP log receiver in a box.

export { decodeLogsRequest } from './decode/decode-logs-request.ts';
export type {
  AttributeValue,
  DecodedLogRecord,
  DecodedLogs,
  DecodedResource,
  DecodedScope,
} from './decode/logs.ts';
export type { Fault } from './fault.ts';
export { type Inbox, type InboxOptions, startInbox } from './inbox.ts';
export type { LokiLimits } from './loki/limits.ts';
export type { RequestEntry, Totals } from './store.ts';
export type { Candidate, StoredRecord } from './stored-record.ts';
export { type RenderOptions, renderRecord } from './view/render-record.ts';
export type { Awaited } from './waiters.ts';
