// One record of each level that winston has, and of levels of one's own with a table for them.
import { init } from 'otel-setup';
import winston from 'winston';

const own = { security: 0, error: 1, audit: 2, info: 3, chatter: 4 };
const { flush } = init({ severityMapping: { security: 'fatal', chatter: 4 } });
for (const [set, levels] of Object.entries({ ...levelSets(), own })) {
  const least = Object.keys(levels).at(-1) ?? '';
  const logger = winston.createLogger({ levels, level: least });
  init({ logger });
  for (const level of Object.keys(levels)) logger.log(level, 'm', { set, logged: level });
}
await flush();

function levelSets(): Record<string, winston.config.AbstractConfigSetLevels> {
  const { npm, syslog, cli } = winston.config;
  return { npm: npm.levels, syslog: syslog.levels, cli: cli.levels };
}
