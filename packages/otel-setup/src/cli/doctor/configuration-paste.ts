// What to paste for a sentence about the configuration.

import { quoted } from '../quoted.ts';
import type { Examination } from './examination.ts';
import {
  alloyBeside,
  bareValue,
  byDefault,
  chosenRoute,
  cloudInstead,
  encodedEntries,
  gatewayInstead,
  misplacedLine,
  missingAuthorization,
  missingClientFile,
  missingSettings,
  otherScheme,
  overHttps,
  repairedUrl,
  shownValue,
} from './mended-values.ts';
import { authorization, example, removal, setting } from './paste.ts';

/** What the sentence captures: the name of the variable, and another word. */
type Lines = (examination: Examination, name: string, word: string) => readonly string[];

const cloudPair = ['GRAFANA_CLOUD_INSTANCE_ID', 'GRAFANA_CLOUD_API_KEY'];
const remove: Lines = (examination, name) => [removal(name, examination)];
const set: Lines = (_examination, name, value) => [setting(name, value)];
const fillIn: Lines = (_examination, name) => example(name);

/** The first that fits counts. */
const rules: readonly (readonly [sentence: RegExp, lines: Lines])[] = [
  [/^(LOG_PROCESSING) \((.+)\) cannot be read/, (_look, _name, path) => [`ls -l ${quoted(path)}`]],
  [/^(LOG_PROCESSING) /, checkRules],
  [/^(\w+) must be .*Did you mean "(.+)"\?$/, set],
  [/^(LOG_ROUTE) must be /, chosenRoute],
  [/^(\w+) must be .* URL; other schemes are refused/, otherScheme],
  [/^(\w+) must be an http.* URL/, fillIn],
  [/^(\w+) must be http:\/\/host:port/, (_look, name) => [setting(name, 'http://<host>:<port>')]],
  [/^(LOKI_AUTH) must be /, (_look, name) => [setting(name, '<user>:<token>')]],
  [/^(\w+) must be /, byDefault],
  [/^(\w+) is .*; taken as "(.+)"\.$/, set],
  [/^(\w+) had .* around its value; removed/, bareValue],
  [/^(\w+) holds a line for (\w+)\./, misplacedLine],
  [/^Authorization is missing in (\w+)/, missingAuthorization],
  [/^The client's (key|certificate) is missing/, missingClientFile],
  [/^((?:\w+ and )?\w+) (?:is|are) missing(.*)/, missingSettings],
  [/^\w+ and (\w+) are both set and differ/, remove],
  [/^(\w+): entr(?:y|ies) .* key=value/, encodedEntries],
  [/^(\w+) names a host of Grafana Cloud/, cloudInstead],
  [/^(\w+) is a Loki push URL/, alloyBeside],
  [/^(\w+) would carry credentials/, overHttps],
  [/^(\w+) is (?:a stack's web|another service's) address/, gatewayInstead],
  [/^(\w+): (?:Authorization|the user in|headers were .*Authorization=)/, cloudHeader],
  [/ holds the instance id as well| they were swapped/, () => cloudPair.flatMap(example)],
  [/^(\w+): (.*) Read as /, repairedUrl],
  [/^LOG_ROUTE=\w+ is not used: (\w+)=/, remove],
  [/^(\w+) is in milliseconds.* would be (\d+)\.$/, set],
  [/^(NODE_TLS_REJECT_UNAUTHORIZED)=/, remove],
  [/ (OTEL_SDK_DISABLED)=true/, remove],
  [/past Alloy\. Set (\w+)=(\S+) beside it/, set],
  [/^LOG_LEVEL=/, () => ['LOG_LEVEL=info']],
  [/^(\w+)=http\/json wires/, remove],
  [/^(\w+) (?:is|looks|holds|names) /, fillIn],
];

export function configurationPaste(message: string, examination: Examination): readonly string[] {
  if (message.startsWith('Not read, and perhaps misspelt')) return misspelt(message, examination);
  if (message.startsWith('Set, but without effect')) return unused(message, examination);
  for (const [sentence, lines] of rules) {
    const found = sentence.exec(message);
    if (found !== null) return lines(examination, found[1] ?? '', found[2] ?? '');
  }
  return [];
}

function checkRules({ env }: Examination): string[] {
  const path = env.text('LOG_PROCESSING');
  // A placeholder names no file.
  if (path === undefined) return example('LOG_PROCESSING');
  return [`npx otel-setup alloy --processing ${quoted(path)} > /dev/null`];
}

function cloudHeader(_examination: Examination, name: string): string[] {
  return [authorization(name, 'instance id:token')];
}

/** `LOG_LEVL (LOG_LEVEL?), ...` */
function misspelt(message: string, { host }: Examination): string[] {
  return Array.from(message.matchAll(/([\w-]+) \((\w+)\?\)/g), ([, name = '', meant = '']) => {
    const value = shownValue(meant, host.env[name]?.trim() ?? '');
    return value === undefined ? example(meant) : [setting(meant, value)];
  }).flat();
}

/** `LOG_SPOOL_DIR (why); ...` */
function unused(message: string, examination: Examination): string[] {
  const hints = message.replace(/^[^:]*: /, '').split('; ');
  return hints.flatMap((hint) => {
    // To be seen at once as what is done already: by the other way records would go elsewhere.
    if (hint.startsWith('ALLOY_OTLP_ENDPOINT (the route is')) return ['LOG_ROUTE=direct'];
    if (hint.startsWith('processing rules')) {
      return [removal('OTEL_EXPORTER_OTLP_LOGS_PROTOCOL', examination)];
    }
    const [names = ''] = hint.split(' (');
    return /^[A-Z_, ]+$/.test(names)
      ? names.split(', ').map((name) => removal(name, examination))
      : [];
  });
}

/** Where what is set does nothing until one of two things is chosen. */
export function configurationFix(message: string): string | undefined {
  return message.includes('LOG_ROUTE=alloy uses it)')
    ? 'LOG_ROUTE=alloy if records are to go by way of Alloy; LOG_ROUTE=direct if they are to go as they do.'
    : undefined;
}
