// docs/values.md and its tables, docs/values-*.md: each case beside what becomes of it.

import type { Case, Group } from './case.ts';
import { collections } from './cases/collections.ts';
import { emitted } from './cases/emitted.ts';
import { kinds, places } from './cases/errors.ts';
import { objects } from './cases/objects.ts';
import { plain } from './cases/plain.ts';
import { platform } from './cases/platform.ts';
import { calls, formats, severities } from './cases/winston.ts';
import { groups } from './cases.ts';
import type { Arrived } from './collect.ts';
import { ownFields, showFound, showSent } from './show.ts';

const head = `# Values

What becomes of each kind of value and call. \`npm run values\` logs them all, decodes what was sent, and writes this page and
its tables; where the program \`loki\` is installed it reads each record back by LogQL as well, and stops where Loki shows
anything else. \`npm test\` holds the pages to the code.

## The rules

- Texts, numbers, booleans, lists and plain objects arrive as they are, whole numbers beyond 2^53 too; within a list
  or an object NaN and Infinity are words, because Loki makes JSON of it. A field that is
  \`undefined\` is left out; in a list it is the empty value, so that the others keep their places.
- An object is shown by its own enumerable fields, or as its \`toJSON\` tells it, as JSON does. Fields under symbols, private
  fields and getters of a class are not shown; an object that then shows nothing is told by the name of its class.
- At most 8 levels, 10,000 values, 256 Ki characters of one text and 512 Ki of all are read of one record, whatever the value
  is. What is left out leaves a mark in its place, and \`values\` in \`otel_setup.truncated\`.
- What throws when it is read is \`[unreadable: <the error>]\`; its neighbours are not touched. What contains itself is
  \`[Circular]\` there.
- Built-in kinds are known by what they are, not by their class: those of another realm (\`node:vm\`, Jest) too.
- An Error is told once, in \`exception.type\`, \`exception.message\` and \`exception.stacktrace\`, the stack with its causes
  and members. Its own fields stand beside it, or under the name it was logged under; without any, that name has its message.
  A second Error in the same record is a map. Stacks are as Node prints them, source maps (\`--enable-source-maps\`) included.
- Requests, answers, streams and sockets of Node are told in a few fields.
- Keys get another name only where Loki would refuse them or show two as one; \`otel_setup.renamed\` says so.
`;

const howToRead = `
## How to read the tables

- *Sent* is the OTLP record. The line is \`m\` and the severity \`info\` where nothing else is said. \`empty\` is OTLP's
  empty value, \`bytes\` are shown as base64, \`at …\` stands for the lines of a stack, \`…\` for what differs from run to run.
- *Found in Loki* is what Grafana shows: \`| a="1"\` finds the record. Loki joins the names of nested fields with \`_\`, shows
  lists as JSON and bytes as base64, and has no field where a value is empty.
- *Stock pipeline* is winston with OpenTelemetry's own winston transport, batch processor and OTLP/HTTP exporter, all with
  default settings. \`lost\` means that no record arrived; \`throws\` that the call threw into the application.
`;

/** The tables' pages: the end of the name, the title, the groups of cases. */
const tables: readonly (readonly [string, string, readonly Group[]])[] = [
  ['plain', 'Texts, numbers, lists, maps and bytes', [plain, collections]],
  ['objects', 'Objects', [objects, platform]],
  ['errors', 'Errors', [places, kinds]],
  [
    'calls',
    'Calls, formats, levels, and records of another source',
    [calls, formats, severities, emitted],
  ],
];

/** Each page by its file's name in docs/. */
export function pages(
  ours: readonly Arrived[],
  stock: readonly Arrived[],
): ReadonlyMap<string, string> {
  const cases = groups.flatMap((group) => group.cases);
  const rows = new Map(cases.map((one, i) => [one, row(one, ours[i], stock[i])]));
  const written = tables.map(([name, title, parts]): [string, string] => [
    `values-${name}.md`,
    [
      `# Values: ${title}\n\nThe rules, and how to read this: [values](values.md). \`npm run values\` writes it.\n`,
      ...parts.map((part) => section(part, rows)),
    ].join('\n'),
  ]);
  const index = tables.flatMap(([name, , parts]) =>
    parts.map(({ title, cases }) => `| [${title}](values-${name}.md) | ${cases.length} |`),
  );
  const front = [
    `${head}\n## The tables\n`,
    `| kinds of values and calls | rows |\n|---|---|\n${index.join('\n')}\n${howToRead}`,
  ].join('\n');
  // As a file has it: half a surrogate pair cannot be written.
  return new Map(
    [['values.md', front] as const, ...written].map(([name, text]) => [
      name,
      Buffer.from(text).toString(),
    ]),
  );
}

function section({ title, cases }: Group, rows: ReadonlyMap<Case, string>): string {
  return `## ${title}

| | logged | sent | found in Loki | stock pipeline |
|---|---|---|---|---|
${cases.map((one) => rows.get(one)).join('\n')}
`;
}

function row(one: Case, ours: Arrived | undefined, stock: Arrived | undefined): string {
  const [stored] = ours?.records ?? [];
  const cells = [
    one.name,
    code(one.code),
    ours === undefined ? '' : code(showSent(one, ours)),
    stored === undefined ? '' : code(showFound(one, stored.line, ownFields(stored))),
    stock === undefined ? '' : code(showSent(one, stock)),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Each line in a code span of its own: a table's cell has one line. */
function code(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const fence = line.includes('`') ? '``' : '`';
      const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
      return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`;
    })
    .join('<br>');
}
