// The command line: which command, and what becomes of an error.

import { version } from '../version.ts';
import type { World } from '../world.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';
import { UsageError } from './usage-error.ts';

const help = `Usage: otel-setup <command> [options]

  doctor      what is wrong between a log call and Grafana, and what to do
  env         the variables of a route, as a file to fill in
  alloy       processing rules as a configuration for Grafana Alloy
  spool       what waits to be delivered: list, show, export, replay, purge

  npx otel-setup doctor
  npx otel-setup doctor --env .env --route alloy
  npx otel-setup env --route direct > .env.example
  npx otel-setup alloy --processing rules.json > config.alloy
  npx otel-setup spool list
  npx otel-setup spool replay --dir ./copied-spool --route alloy

  -h, --help     help; also after a command
  -v, --version  ${version}
`;

/** The exit code: 0 done, 1 trouble, 2 called wrongly. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  world: World,
): Promise<number> {
  try {
    return await dispatch(args, terminal, world);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    terminal.tell(`otel-setup: ${printable(message)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(
  [command, ...args]: readonly string[],
  terminal: Terminal,
  world: World,
): Promise<number> {
  switch (command) {
    case 'help':
      return await dispatch(args.length === 0 ? ['--help'] : [...args, '--help'], terminal, world);
    case undefined:
    case '-h':
    case '--help':
      await terminal.out(help);
      return 0;
    case '-v':
    case '--version':
      await terminal.out(`${version}\n`);
      return 0;
    case 'doctor': {
      const { runDoctor } = await import('./doctor/command.ts');
      return await runDoctor(args, terminal, world);
    }
    case 'env': {
      const { runEnv } = await import('./env/command.ts');
      return await runEnv(args, terminal);
    }
    case 'alloy': {
      const { runAlloy } = await import('./alloy/command.ts');
      return await runAlloy(args, terminal);
    }
    case 'spool': {
      const { runSpool } = await import('./spool/command.ts');
      return await runSpool(args, terminal, world);
    }
    default:
      throw new UsageError(
        `There is no command ${JSON.stringify(command)}. See: npx otel-setup --help`,
      );
  }
}
