// `.env.example` of a route, made of the table of variables.

import type { Variable } from '../../config/variable.ts';
import { variables } from '../../config/variables.ts';
import { readVariables } from '../doctor/read-back.ts';
import { exampleOf } from './examples.ts';

type Route = 'direct' | 'alloy';

/** What each route needs; everything else has a default. */
const needed: Readonly<Record<Route, readonly string[]>> = {
  direct: [
    'LOG_ROUTE',
    'GRAFANA_CLOUD_OTLP_ENDPOINT',
    'GRAFANA_CLOUD_INSTANCE_ID',
    'GRAFANA_CLOUD_API_KEY',
  ],
  alloy: ['LOG_ROUTE', 'ALLOY_OTLP_ENDPOINT'],
};

/** Not for this route, or for a move from elsewhere. */
const elsewhere: Readonly<Record<Route, RegExp>> = {
  direct: /^(?:ALLOY_|LOKI_)/,
  alloy: /^(?:GRAFANA_CLOUD_|LOKI_)/,
};

export function renderEnv(route: Route): string {
  const required = needed[route].flatMap((name) => find(name) ?? []);
  const optional = variables.filter(
    (variable) =>
      !required.includes(variable) &&
      !elsewhere[route].test(variable.names[0] ?? '') &&
      !/^OTEL_BLRP_/.test(variable.names[0] ?? ''),
  );
  const other = route === 'direct' ? 'alloy' : 'direct';
  return [
    // Appended by `>>` to a file that does not end its last line, it would become part of that value.
    '',
    `# Logs by the route ${route}. The other one: npx otel-setup env --route ${other}`,
    '# Check it: npx otel-setup doctor --env .env',
    '',
    ...required.flatMap((variable) => [...comment(variable), setting(variable, route), '']),
    '# What follows has a default; take the # away to change it.',
    '',
    ...optional.flatMap((variable) => [...comment(variable), `#${setting(variable, route)}`, '']),
    ...readBack,
  ].join('\n');
}

const readBack = [
  '# For otel-setup doctor alone: it reads its record back from the Loki where it ends; on Grafana',
  '# Cloud with a token of scope logs:read.',
  `#${readVariables.url}=https://logs-prod-<n>.grafana.net`,
  `#${readVariables.user}=<number>`,
  `#${readVariables.token}=<token glc_...>`,
  '',
];

function find(name: string): Variable | undefined {
  return variables.find(({ names }) => names.includes(name));
}

function setting(variable: Variable, route: Route): string {
  const [name = ''] = variable.names;
  return name === 'LOG_ROUTE' ? `LOG_ROUTE=${route}` : (exampleOf(name) ?? `${name}=`);
}

function comment({ default: byDefault, meaning, names, values }: Variable): string[] {
  const more = names.length > 1 ? ` Also: ${names.slice(1).join(', ')}.` : '';
  const isSaid = values?.every((value) => meaning.includes(`\`${value}\``)) ?? true;
  const one = isSaid ? '' : ` One of: ${values?.join(', ')}.`;
  const unset = byDefault === '' ? '' : ` Default: ${byDefault}.`;
  const text = `${meaning}${one}${unset}${more}`.replaceAll('`', '');
  return wrap(text, 98).map((line) => `# ${line}`);
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
