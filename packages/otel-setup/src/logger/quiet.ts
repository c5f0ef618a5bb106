// An adopted logger that lets little or nothing through, which nobody would notice before it is needed.

import type { Logger } from 'winston';
import type { Notice } from '../errors.ts';

/** @param asked the level of LOG_LEVEL, where it is set: an adopted logger has its own. */
export function quietNotices(logger: Logger, asked: string | undefined): Notice[] {
  if (logger.silent) {
    return [
      told(
        'The logger given to init() is silent: nothing it logs is sent. Set logger.silent = false.',
      ),
    ];
  }
  const { level, levels } = logger;
  const info = levels.info;
  const isQuiet = info !== undefined && (levels[level] ?? info) < info;
  if (isQuiet) {
    return [
      told(
        `The level of the logger given to init() is "${level}": logger.info() and all else below it is not sent. Set logger.level = 'info'.`,
      ),
    ];
  }
  return asked === undefined || asked === level || levels[asked] === undefined
    ? []
    : [
        told(
          `LOG_LEVEL=${asked} has no effect on the logger given to init(): its own level is "${level}". Make it with level: process.env.LOG_LEVEL.`,
        ),
      ];
}

function told(message: string): Notice {
  return { code: 'OTEL_SETUP_LEVEL', level: 'info', message };
}
