// What the console of init()'s logger prints for a record.

import type { Config } from './config/config.ts';
import { toJsonLine, toPrettyLine } from './logger/console-format.ts';
import { createReadShared } from './logger/shared-fields.ts';
import { contextOf, spanIdsOf } from './logger/trace-context.ts';
import { type Info, type Levels, levelSymbol } from './record/info.ts';
import { createRedactor } from './record/redaction/redactor.ts';
import { limitsFor } from './record/resource.ts';
import { createTimestamps } from './record/timestamps.ts';
import { createToRecord } from './record/to-record.ts';
import type { World } from './world.ts';

/** Undefined: no console. Renders as the record is rendered, so that any value can be printed. */
export function consoleLine(
  config: Config,
  world: World,
  colour: boolean,
): ((info: Info, levels: Levels) => string) | undefined {
  const style = config.logger.console;
  if (style === 'off') {
    return undefined;
  }
  const toRecord = createToRecord({
    timestamps: createTimestamps(world.clock.now),
    limits: limitsFor([], config.limits),
    changed: () => undefined,
    severities: config.severities,
    redactor: createRedactor(config.redaction, () => undefined),
  });
  const readShared = createReadShared(config.baggageKeys);
  return (info, levels) => {
    const context = contextOf(info);
    const record = toRecord(info, levels, spanIdsOf(context), readShared(info, context));
    const level = info[levelSymbol] ?? record.severityText ?? 'info';
    return style === 'json' ? toJsonLine(record, level) : toPrettyLine(record, level, colour);
  };
}
