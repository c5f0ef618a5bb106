// `otel-setup env`: the variables of a route, as a file to fill in.

import { parseArgs } from 'node:util';
import { readHost } from '../../config/host.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError, usageError } from '../usage-error.ts';
import { renderEnv } from './render.ts';

const envHelp = `Usage: otel-setup env [--route direct|alloy]

Prints the .env.example of a route: what it needs, then what has a default, each explained. Without
--route it is the route that is set here, else direct.

  npx otel-setup env --route direct > .env.example
  npx otel-setup env --route alloy >> .env
`;

const options = {
  route: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function runEnv(args: readonly string[], terminal: Terminal): Promise<number> {
  const { help, route } = readWords(args);
  await terminal.out(help === true ? envHelp : renderEnv(routeOf(route)));
  return 0;
}

function readWords(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw usageError(error, 'env');
  }
}

function routeOf(given: string | undefined): 'direct' | 'alloy' {
  const route = given ?? loadConfig({}, readHost()).route;
  if (route === 'direct' || route === 'alloy') return route;
  if (given === undefined) return 'direct';
  throw new UsageError(`--route is "direct" or "alloy", not ${JSON.stringify(given)}.`);
}
