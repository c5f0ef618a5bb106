// One rule -> the components of Alloy that do the same.

import { firstError, type Rule } from '../../record/processing/rules.ts';
import { samplingThreshold } from '../../record/processing/sampling.ts';
import { alloyText, attribute, holderOf, literal, scopeOf } from './ottl.ts';

/** A component without the name of the next one. */
export interface Component {
  readonly kind: string;
  readonly label: string;
  /** Arguments and blocks, each a line. */
  readonly lines: readonly string[];
}

/** Empty where Alloy has nothing like it. */
export function componentsOf(rule: Rule, label: string): readonly Component[] {
  const { action } = rule;
  switch (action.type) {
    case 'drop':
      return [filter(label, scopeOf(rule) ?? 'true')];
    case 'sample':
      return sampling(rule, action.rate, action.errors, label);
    case 'limit':
      return [];
    case 'rename':
      return [transform(label, renaming(rule, action.names))];
    case 'add':
      return [
        transform(
          label,
          action.attributes.map(([name, value]) => {
            const target = attribute(name);
            return where(`set(${target}, ${literal(value)})`, scopeOf(rule), `${target} == nil`);
          }),
        ),
      ];
    case 'remove':
      return [transform(label, removing(rule, action.paths))];
  }
}

function filter(label: string, condition: string): Component {
  const lines = ['logs {', `\tlog_record = [${alloyText(condition)}]`, '}'];
  return {
    kind: 'otelcol.processor.filter',
    label,
    lines: ['error_mode = "ignore"', '', ...lines],
  };
}

export function transform(label: string, statements: readonly string[]): Component {
  return {
    kind: 'otelcol.processor.transform',
    label,
    lines: [
      'error_mode = "ignore"',
      '',
      'log_statements {',
      '\tcontext    = "log"',
      '\tstatements = [',
      ...statements.map((statement) => `\t\t${alloyText(statement)},`),
      '\t]',
      '}',
    ],
  };
}

const noTrace = 'log.trace_id == TraceID(0x00000000000000000000000000000000)';
const priority = attribute('sampling.priority');

/** The sampler judges traces. What has none, is spared, or is not meant, passes it by priority. */
function sampling(rule: Rule, rate: number, errors: boolean, label: string): Component[] {
  const scope = scopeOf(rule);
  const spared = [
    ...(errors ? [] : [`log.severity_number >= ${firstError}`]),
    ...(scope === undefined ? [] : [`not (${scope})`]),
  ];
  const threshold = samplingThreshold(rate);
  const judged = [
    noTrace,
    ...(errors ? [] : [`log.severity_number < ${firstError}`]),
    ...(scope === undefined ? [] : [scope]),
    `SHA256(String(log.time_unix_nano)) < ${literal(threshold)}`,
  ];
  const passing = [noTrace, ...spared].join(' or ');
  const sampler: Component = {
    kind: 'otelcol.processor.probabilistic_sampler',
    label,
    lines: [
      `sampling_percentage = ${Number((rate * 100).toPrecision(9))}`,
      'mode                = "proportional"',
      'sampling_priority   = "sampling.priority"',
      'fail_closed         = false',
    ],
  };
  return [
    filter(`${label}_without_trace`, judged.join(' and ')),
    transform(`${label}_priority`, [where(`set(${priority}, 100)`, undefined, passing)]),
    sampler,
    transform(`${label}_tidy`, [
      'delete_matching_keys(log.attributes, "^sampling[.](priority|threshold|randomness)$")',
    ]),
  ];
}

type Names = Extract<Rule['action'], { type: 'rename' }>['names'];

/** What one name changed must not decide about the next: the scope is asked once, values are kept aside. */
function renaming(rule: Rule, names: Names): string[] {
  const scope = scopeOf(rule);
  const isMeant = scope === undefined ? undefined : 'log.cache["meant"] == true';
  const first = scope === undefined ? [] : [`set(log.cache["meant"], true) where ${scope}`];
  const each = names.flatMap(({ from, to }, i) => {
    const kept = `log.cache[${literal(`value ${i}`)}]`;
    const source = attribute(from.name);
    const target = attribute(to);
    const inner = holderOf(from);
    const field = inner && `${inner.holder}[${literal(from.steps.at(-1) ?? '')}]`;
    const isFree = `${target} == nil`;
    return [
      where(`set(${kept}, ${source})`, isMeant, `${source} != nil and ${isFree}`),
      where(`delete_key(log.attributes, ${literal(from.name)})`, undefined, `${kept} != nil`),
      ...(inner && field
        ? [
            where(
              `set(${kept}, ${field})`,
              isMeant,
              `${kept} == nil and ${inner.isThere} and ${field} != nil and ${isFree}`,
            ),
            where(
              `delete_key(${inner.holder}, ${literal(from.steps.at(-1) ?? '')})`,
              undefined,
              `${inner.isThere} and ${kept} != nil and ${field} == ${kept}`,
            ),
          ]
        : []),
      where(`set(${target}, ${kept})`, undefined, `${kept} != nil`),
    ];
  });
  return [...first, ...each];
}

function removing(
  rule: Rule,
  paths: Extract<Rule['action'], { type: 'remove' }>['paths'],
): string[] {
  const scope = scopeOf(rule);
  const isMeant = scope === undefined ? undefined : 'log.cache["meant"] == true';
  const first = scope === undefined ? [] : [`set(log.cache["meant"], true) where ${scope}`];
  const each = paths.flatMap((path) => {
    const inner = holderOf(path);
    return [
      where(`delete_key(log.attributes, ${literal(path.name)})`, isMeant),
      ...(inner
        ? [
            where(
              `delete_key(${inner.holder}, ${literal(path.steps.at(-1) ?? '')})`,
              isMeant,
              inner.isThere,
            ),
          ]
        : []),
    ];
  });
  return [...first, ...each];
}

function where(statement: string, ...conditions: readonly (string | undefined)[]): string {
  const known = conditions.filter((condition) => condition !== undefined);
  if (known.length === 0) return statement;
  const joined = known.length === 1 ? known[0] : known.map((each) => `(${each})`).join(' and ');
  return `${statement} where ${joined}`;
}
