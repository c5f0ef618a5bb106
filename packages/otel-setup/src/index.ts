// The only door.

export type { ConfigOptions, ResourceValue } from './config/config-options.ts';
export { ConfigError, type Notice, type NoticeCode } from './errors.ts';
export type { DropReason, FreeTier, RecordCounts, SpoolStats, Stats } from './health/stats.ts';
export { init } from './init.ts';
export { withLogContext } from './logger/log-context.ts';
export type {
  AddRule,
  AttributeCondition,
  DropRule,
  LevelBound,
  LevelName,
  LimitRule,
  Match,
  Pattern,
  Processing,
  ProcessingRule,
  RemoveRule,
  RenameRule,
  SampleRule,
} from './record/processing/processing.ts';
export type { RedactionOptions, RedactionPreset } from './record/redaction/redaction-options.ts';
export type { SeverityName } from './record/severity.ts';
export type { FlushResult, InitOptions, Telemetry } from './telemetry.ts';
