// `node --import otel-setup/register app.js`: adopts the winston loggers that the application makes.

import { createRequire } from 'node:module';
import ownWinston from 'winston';
import { readHost } from './config/host.ts';
import { init } from './index.ts';
import { adoptAllLoggers } from './logger/adopt-all.ts';
import { watchFurtherCopies } from './logger/further-copies.ts';

const adopt = (logger: ownWinston.Logger): void => {
  init({ logger });
};

init();
const met = new Set<typeof ownWinston>();
const meet = (library: typeof ownWinston): void => {
  if (met.has(library)) return;
  met.add(library);
  adoptAllLoggers(library, adopt);
};
meet(ownWinston);
meet(applicationsWinston() ?? ownWinston);
watchFurtherCopies(meet);

/** The copy that the application loads, which may be another than ours. */
function applicationsWinston(): typeof ownWinston | undefined {
  try {
    const { argv1, cwd } = readHost();
    return createRequire(argv1 ?? `${cwd()}/index.js`)('winston');
  } catch {
    // An application without winston of its own has no loggers to adopt.
    return undefined;
  }
}
