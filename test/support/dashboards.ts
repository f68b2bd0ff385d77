import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'grafana/dashboards';

/** A dashboard's file, as far as tests ask for it. */
export interface DashboardFile {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly tags: readonly string[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly panels: readonly Panel[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly query: string | { readonly query: string };
  readonly datasource?: Datasource;
  readonly refresh?: number;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
}

export interface Datasource {
  readonly type: string;
  readonly uid: string;
}

export interface Annotation {
  readonly name: string;
  readonly expr: string;
  readonly textFormat: string;
  readonly datasource: Datasource;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: Datasource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly fieldConfig?: {
    readonly defaults: FieldConfig;
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[];
}

export interface FieldConfig {
  readonly unit?: string;
  readonly noValue?: string;
  readonly mappings?: readonly unknown[];
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly format?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly datasource: Datasource;
}

/** All committed dashboards, by the name of their file. */
export function readDashboards(): DashboardFile[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.json'))
    .toSorted()
    .map(file => ({ ...(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardFile), file }));
}

/** The panels that ask something: all but the headings of rows. */
export function queryPanels({ panels }: DashboardFile): Panel[] {
  return panels.filter(({ type }) => type !== 'row');
}

/**
 * Puts values in the place of variables, as Grafana does before it sends a query: those of the dashboard by `values`, or
 * else "All", and its own intervals for a graph with a step of this many seconds.
 */
export function interpolated(
  expression: string,
  { templating }: DashboardFile,
  values: Readonly<Record<string, string>> = {},
  intervalSeconds = 15,
): string {
  const own: Readonly<Record<string, string>> = {
    __rate_interval: `${intervalSeconds * 4}s`,
    __interval: `${intervalSeconds}s`,
    __range: '1h',
  };
  return expression.replaceAll(/\$(\w+)/gu, (_, name: string) => {
    const variable = templating.list.find(variable => variable.name === name);
    const value = values[name] ?? own[name] ?? variable?.allValue;
    if (value === undefined) throw new Error(`$${name} is no variable: ${expression}`);
    return value;
  });
}

/** The expression that a query variable takes its values from. */
export function variableQuery({ query }: Variable): string {
  return typeof query === 'string' ? query : query.query;
}

/** The labels that a legend or a text names. */
export function labelsInLegend(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/gu)].flatMap(([, label]) => label ?? []);
}
