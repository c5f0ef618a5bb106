// Prints what init() has added to the process: open resources, listeners, a spool directory.
import { existsSync } from 'node:fs';

const listeners = () =>
  process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
const before = { resources: process.getActiveResourcesInfo(), listeners: listeners() };
const { init } = await import('otel-setup');
init().logger.info('hello');
const added = (now: string[], then: string[]) => now.filter((name) => !then.includes(name));
process.stdout.write(
  `${JSON.stringify({
    resources: added(process.getActiveResourcesInfo(), [
      ...before.resources,
      'Immediate',
      'TTYWrap',
      'PipeWrap',
    ]),
    listeners: added(listeners(), before.listeners),
    spool: existsSync(process.env.LOG_SPOOL_DIR ?? ''),
  })}\n`,
);
