// `otel-setup doctor`: from words to a round, and its exit code.

import { parseArgs } from 'node:util';
import type { World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError, usageError } from '../usage-error.ts';
import { fileOptions, readVariablesFile } from '../variables-file.ts';
import { checkNode } from './check-node.ts';
import { beginExamination, type Visit } from './examination.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { doctorHelp } from './help.ts';
import { jsonReport, Report } from './report.ts';

const options = {
  route: { type: 'string' },
  ...fileOptions,
  timeout: { type: 'string' },
  alloy: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function runDoctor(
  args: readonly string[],
  terminal: Terminal,
  world: World,
): Promise<number> {
  const values = readWords(args);
  if (values.help === true) {
    await terminal.out(doctorHelp);
    return 0;
  }
  const isJson = values.json === true;
  const node = checkNode(process.versions.node);
  if (node.state === 'wrong') {
    // What follows needs it itself.
    if (!isJson) throw new Error(`${node.message} ${node.fix}`);
    await terminal.out(jsonReport(undefined, [node]));
    return 1;
  }
  const examination = beginExamination(
    {
      route: routeIn(values.route),
      file: readVariablesFile(values.env, values['env-file']),
      alloyUrl: alloyIn(values.alloy),
      stepMs: secondsIn(values.timeout ?? '5') * 1000,
    },
    world,
  );
  const report = new Report(terminal);
  const findings: Finding[] = [];
  if (!isJson) await report.begin(examination);
  for await (const finding of examine(examination)) {
    findings.push(finding);
    if (isJson) continue;
    await report.add(finding);
    terminal.progress('  looking ...');
  }
  if (isJson) await terminal.out(jsonReport(examination, findings));
  else await report.end();
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

function readWords(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw usageError(error, 'doctor');
  }
}

function routeIn(route: string | undefined): Visit['route'] {
  if (route === undefined || route === 'direct' || route === 'alloy') return route;
  throw new UsageError(`--route is "direct" or "alloy", not ${JSON.stringify(route)}.`);
}

function alloyIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href.replace(/\/$/, '');
  throw new UsageError(`--alloy is a URL such as http://alloy:12345, not ${JSON.stringify(text)}.`);
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= 300) return seconds;
  throw new UsageError(`--timeout is seconds, up to 300, not ${JSON.stringify(text)}.`);
}
