// Logs where a call may be cut off at any point: at the end of the stack, or by a timeout of node:vm.
import vm from 'node:vm';
import { init } from 'otel-setup';

const { logger, stats, flush } = init();
const ways: Readonly<Record<string, () => void>> = {
  'the end of the stack': () => {
    for (let round = 0; round < 300; round++) descend(0, 40 + (round % 7));
  },
  'a timeout of node:vm': () => {
    const context = vm.createContext({
      log: () => logger.info('from within', { a: { b: [1, 2] } }),
    });
    for (let round = 0; round < 60; round++) {
      try {
        vm.runInContext('for (;;) log()', context, { timeout: 2 + (round % 5) });
      } catch {
        // The timeout, as planned.
      }
    }
  },
};

let calls = 0;

/** On its way back each level logs, from where nothing has room to where much has, and down again from there. */
function descend(depth: number, step: number): number {
  try {
    return descend(depth + 1, step) + 1;
  } catch (error) {
    let hasLogged = false;
    try {
      logger.error(`at the end ${calls++}`, { depth, a: { b: [1, 2, { c: 3 }] } });
      hasLogged = true;
    } catch {
      // No room for the call itself.
    }
    if (!hasLogged || (depth > 5 && calls % step !== 0)) throw error;
    return 0;
  }
}

const [, , way = '', start] = process.argv;
if (start === 'later') logger.info('first');
ways[way]?.();
await flush(10_000);
logger.info('last');
await flush(10_000);
process.stdout.write(JSON.stringify(stats()));
