#!/usr/bin/env node

// `otel-setup`: the command's process.

import { realWorld } from '../real-world.ts';
import { run } from './run.ts';
import { openTerminal } from './terminal.ts';

void main();

async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), openTerminal(), realWorld());
  if (code !== 0) process.exitCode = code;
}
