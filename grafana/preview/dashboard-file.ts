import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'grafana/dashboards';

/** A dashboard's file, as far as anybody but Grafana reads it. */
export interface DashboardFile {
  /** Its name in the folder of the dashboards. */
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
  /** What "All" stands for, as it is put into expressions. */
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
  /** The shortest step of its queries. */
  readonly interval?: string;
  readonly options?: {
    readonly textMode?: string;
    readonly sortBy?: readonly { readonly displayName: string; readonly desc?: boolean }[];
  };
  readonly fieldConfig?: {
    readonly defaults: FieldConfig;
    readonly overrides: readonly Override[];
  };
  readonly transformations?: readonly { readonly id: string; readonly options: Organize }[];
}

/** Of the transformation `organize`: how fields are called and in which order they stand. */
export interface Organize {
  readonly renameByName?: Readonly<Record<string, string>>;
  readonly indexByName?: Readonly<Record<string, number>>;
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface FieldConfig {
  readonly unit?: string;
  readonly decimals?: number;
  readonly noValue?: string;
  readonly max?: number;
  readonly mappings?: readonly Mapping[];
  readonly thresholds?: Thresholds;
  readonly custom?: { readonly drawStyle?: string; readonly stacking?: { readonly mode: string } };
}

export interface Thresholds {
  readonly steps: readonly { readonly value: number | null; readonly color: string }[];
}

/** Words and colours for values. */
export type Mapping =
  | { readonly type: 'value'; readonly options: Readonly<Record<string, MappedTo>> }
  | {
      readonly type: 'range';
      readonly options: {
        readonly from: number | null;
        readonly to: number | null;
        readonly result: MappedTo;
      };
    };

export interface MappedTo {
  readonly text?: string;
  readonly color?: string;
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
