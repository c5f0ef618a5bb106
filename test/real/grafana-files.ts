// What deploy/grafana asks of Loki and of Prometheus: the queries of its dashboard and of its alert rules.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../deploy/grafana');

export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: {
    readonly h: number;
    readonly w: number;
    readonly x: number;
    readonly y: number;
  };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

export interface Rule {
  readonly uid: string;
  readonly condition: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: { readonly expr?: string; readonly expression?: string };
  }[];
  readonly annotations: { readonly summary: string };
}

export interface Asked {
  readonly name: string;
  readonly query: string;
}

const yamlFile = (path: string): unknown => parse(readFileSync(join(folder, path), 'utf8'));

export const dashboard = JSON.parse(
  readFileSync(join(folder, 'dashboards/otel-setup.json'), 'utf8'),
) as Dashboard;

export const rules: readonly Rule[] = globSync('provisioning/alerting/*.yaml', {
  cwd: folder,
}).flatMap((path) =>
  (yamlFile(path) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);

export const dataSources: readonly { readonly uid: string }[] = globSync(
  'provisioning/datasources/*.yaml',
  { cwd: folder },
).flatMap((path) => (yamlFile(path) as { datasources: { uid: string }[] }).datasources);

/** The queries to one kind of data source, of the dashboard's panels and of the rules. */
export function asked(kind: 'logs' | 'metrics'): Asked[] {
  const uid = kind === 'logs' ? 'grafanacloud-logs' : 'grafanacloud-prom';
  const shown = dashboard.panels
    .filter(({ datasource }) => datasource?.uid === `\${${kind}}`)
    .flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ name: title, query: expr })),
    );
  const watched = rules.flatMap((rule) =>
    rule.data
      .filter(({ datasourceUid }) => datasourceUid === uid)
      .map(({ model }) => ({ name: rule.uid, query: model.expr ?? '' })),
  );
  return [...shown, ...watched];
}

const variables: Readonly<Record<string, string>> = {
  service_name: 'shop',
  level: '.*',
  duration_field: 'durationMs',
  slow_ms: '250',
  __auto: '5m',
  __range: '1h',
  __rate_interval: '5m',
};

/** A query as Grafana sends it, with its variables filled in; an unknown one stays and is refused. */
export function filledIn(query: string): string {
  return query.replace(/\$(\w+)/g, (whole, name: string) => variables[name] ?? whole);
}
