// What the console of init()'s logger prints for a record.

import type { HrTime } from '@opentelemetry/api';
import type { Config } from './config/config.ts';
import { plainJsonLine, toJsonLine, toPrettyLine } from './logger/console-format.ts';
import type { Print } from './logger/own-console.ts';
import { createReadShared } from './logger/shared-fields.ts';
import { activeContext, contextOf, spanIdsOf } from './logger/trace-context.ts';
import { type Info, levelSymbol } from './record/info.ts';
import type { LogRecord } from './record/log-record.ts';
import { createRedactor } from './record/redaction/redactor.ts';
import { limitsFor } from './record/resource.ts';
import { createTimestamps } from './record/timestamps.ts';
import { createToRecord } from './record/to-record.ts';
import type { World } from './world.ts';

/** Undefined: no console. Renders as the record is rendered, so that any value can be printed. */
export function consoleLine(config: Config, world: World, colour: boolean): Print | undefined {
  const style = config.logger.console;
  if (style === 'off') {
    return undefined;
  }
  const timestamps = createTimestamps(world.clock.now);
  const info = infoLine(config, timestamps, (record, level) =>
    style === 'json' ? toJsonLine(record, level) : toPrettyLine(record, level, colour),
  );
  if (style !== 'json') {
    return { info, call: undefined };
  }
  const call = (level: string, text: string, fields: Info): string =>
    plainJsonLine(timestamps(), level, text, fields, spanIdsOf(activeContext()));
  const readShared = createReadShared(config.baggageKeys);
  return { info, call, shared: () => readShared(undefined, activeContext()) };
}

/** The line of JSON for transports that the application adds. What it needs is made with the first of them. */
export function addedLine(config: Config, world: World): Print['info'] {
  let line: Print['info'] | undefined;
  return (info, levels) => {
    line ??= infoLine(config, createTimestamps(world.clock.now), toJsonLine);
    return line(info, levels);
  };
}

function infoLine(
  config: Config,
  timestamps: () => HrTime,
  toLine: (record: LogRecord, level: string) => string,
): Print['info'] {
  const toRecord = createToRecord({
    timestamps,
    limits: limitsFor([], config.limits),
    changed: () => undefined,
    severities: config.severities,
    redactor: createRedactor(config.redaction, () => undefined),
  });
  const readShared = createReadShared(config.baggageKeys);
  return (given, levels) => {
    const context = contextOf(given);
    const record = toRecord(given, levels, spanIdsOf(context), readShared(given, context));
    return toLine(record, given[levelSymbol] ?? record.severityText ?? 'info');
  };
}
