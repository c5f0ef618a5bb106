// Changes one of the globals as applications and their tests do, then loads the package and logs.
import { createHook } from 'node:async_hooks';
import { createRequire } from 'node:module';

const real = globalThis.setTimeout;
switch (process.argv[2]) {
  case 'a terminal by decree':
    Object.defineProperty(process.stdout, 'isTTY', { value: true });
    break;
  case 'a field on every object':
    Object.assign(Object.prototype, { evil: 'everywhere' });
    break;
  case 'timers that are numbers':
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms: number) => Number(real(run, ms)),
    });
    break;
  case 'a clock beyond all dates':
    Date.now = () => 9e15;
}
const { init } = createRequire(import.meta.url)('otel-setup') as typeof import('otel-setup');
const { logger } = init();
if (process.argv[2] === 'a hook that logs') {
  let hasLogged = false;
  createHook({
    init: () => {
      if (hasLogged) return;
      hasLogged = true;
      logger.info('from within');
    },
  }).enable();
}
logger.info('as ever', { id: 1 });
