// Processing rules, from code or from the file that LOG_PROCESSING names.

import { readProcessing } from '../record/processing/read-processing.ts';
import type { Rule } from '../record/processing/rules.ts';
import type { Host } from './host.ts';
import type { Inputs } from './source.ts';

/** Rules are few; anything larger is another file. */
const maxBytes = 1_048_576;

/** No rules where any of them is wrong: nothing may be taken out by half of what somebody meant. */
export function readRules({ options, env, findings }: Inputs, host: Host): readonly Rule[] {
  if (options.processing !== undefined) {
    return Object.freeze(readProcessing(options.processing, 'option processing').rules);
  }
  const setting = env.setting('LOG_PROCESSING');
  if (setting === undefined) return Object.freeze([]);
  const { rules, problems } = readRulesFile(setting.value, host);
  for (const problem of problems) {
    findings.problem('environment', `${problem} No rule acts until it is put right.`);
  }
  return Object.freeze(rules);
}

/** Rules of a JSON file; where there is a problem, none. Never throws. */
export function readRulesFile(
  path: string,
  { readFile }: Pick<Host, 'readFile'>,
): { readonly rules: readonly Rule[]; readonly problems: readonly string[] } {
  const name = `LOG_PROCESSING (${path})`;
  const read = readFile(path, maxBytes);
  if (typeof read === 'string') {
    return { rules: [], problems: [`${name} cannot be read: ${read}.`] };
  }
  const given = parse(read);
  return given instanceof Error
    ? { rules: [], problems: [`${name} is not JSON: ${given.message}.`] }
    : readProcessing(given, name);
}

function parse(bytes: Uint8Array): unknown {
  try {
    // A byte order mark is left out by the decoder.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return error instanceof TypeError ? new Error('its text is not UTF-8') : error;
  }
}
