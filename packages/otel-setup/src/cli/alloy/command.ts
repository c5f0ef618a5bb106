// `otel-setup alloy`: the processing rules of the direct route as a configuration for Alloy.

import { parseArgs } from 'node:util';
import { readHost } from '../../config/host.ts';
import { readRulesFile } from '../../config/processing.ts';
import type { Rule } from '../../record/processing/rules.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text.ts';
import { UsageError, usageError } from '../usage-error.ts';
import { renderAlloy } from './render.ts';

const alloyHelp = `Usage: otel-setup alloy [--processing <file>] [--no-redaction]

Prints a whole Alloy configuration: it receives OTLP, redacts, applies the processing rules of the
file in their order, and sends to Grafana Cloud from a queue on disk. Warnings go to standard error.

  --processing <file>  JSON with processing rules; else the file that LOG_PROCESSING names, else none
  --no-redaction       without redaction: where every sender is otel-setup, which redacts itself

  npx otel-setup alloy --processing rules.json > config.alloy
  alloy run --stability.level=public-preview --storage.path=/var/lib/alloy/data config.alloy

Exit codes: 0 printed, 1 the rules are wrong, 2 called wrongly.
`;

const options = {
  processing: { type: 'string' },
  'no-redaction': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function runAlloy(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args);
  if (words.help === true) {
    await terminal.out(alloyHelp);
    return 0;
  }
  // `--processing "$RULES"` without RULES would print a configuration without rules.
  if (words.processing === '') throw new UsageError('--processing takes the path of a file.');
  const host = readHost();
  const { problems, rules } = rulesOf(words.processing ?? host.env.LOG_PROCESSING, host);
  if (problems.length > 0) {
    const name = words.processing === undefined ? 'LOG_PROCESSING' : '--processing';
    for (const problem of problems) {
      terminal.tell(`otel-setup: ${printable(problem.replace(/^LOG_PROCESSING(?= \()/, name))}`);
    }
    return 1;
  }
  const { text, warnings } = renderAlloy(rules, words['no-redaction'] !== true);
  for (const warning of warnings) terminal.tell(`otel-setup: ${printable(warning)}`);
  await terminal.out(text);
  return 0;
}

function rulesOf(
  path: string | undefined,
  host: ReturnType<typeof readHost>,
): { readonly rules: readonly Rule[]; readonly problems: readonly string[] } {
  return path === undefined || path === ''
    ? { rules: [], problems: [] }
    : readRulesFile(path, host);
}

function readWords(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw usageError(error, 'alloy');
  }
}
