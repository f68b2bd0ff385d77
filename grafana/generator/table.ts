import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type {
  DynamicConfigValue,
  ThresholdsConfig,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { DataLink } from './links.js';
import { described, now, refId, type PanelOptions } from './panel.js';

/** A column with a label of the rows' series. */
export interface KeyColumn {
  readonly label: string;
  /** Absent: the label tells rows apart, and is not shown. */
  readonly title?: string;
  readonly width?: number;
  readonly link?: DataLink;
  readonly mappings?: ValueMapping[];
}

/** A column with the values of a query, one for each row. */
export interface ValueColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  readonly mappings?: ValueMapping[];
  readonly thresholds?: Builder<ThresholdsConfig>;
  /** Only needed for its labels; the value itself says nothing. */
  readonly hidden?: boolean;
  /** Colours the whole cell, or the text alone. */
  readonly colour?: 'cell' | 'text';
}

export interface TableOptions extends Omit<PanelOptions, 'unit' | 'mappings' | 'thresholds'> {
  /** The labels that each query leaves. Rows are joined on all of them. */
  readonly keys: readonly KeyColumn[];
  readonly columns: readonly ValueColumn[];
  /** Title of the column that sorts, largest first. */
  readonly sortBy?: string;
  /** Smallest first instead. */
  readonly ascending?: boolean;
}

/** A row for each set of labels, a column for each query, of now. */
export function table(options: TableOptions): PanelBuilder {
  const { keys, columns } = options;
  const panel = described(new PanelBuilder(), { unit: 'short', ...options }, 10)
    .targets(
      now(
        columns.map(({ expr }) => ({ expr, legend: '' })),
        PromQueryFormat.Table,
      ),
    )
    .cellHeight(TableCellHeight.Sm)
    .filterable(true)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(keys, columns) });
  if (options.sortBy !== undefined)
    panel.sortBy([
      new TableSortByFieldStateBuilder().displayName(options.sortBy).desc(!(options.ascending ?? false)),
    ]);
  for (const column of keys) panel.overrideByName(column.title ?? column.label, keyProperties(column));
  for (const column of columns) panel.overrideByName(column.title, valueProperties(column));
  return panel;
}

function organized(keys: readonly KeyColumn[], columns: readonly ValueColumn[]): Record<string, unknown> {
  // Grafana names the values of a single query without its letter.
  const valueOf = (index: number): string => (columns.length === 1 ? 'Value' : `Value #${refId(index)}`);
  const order = [...keys.map(({ label }) => label), ...columns.map((_, index) => valueOf(index))];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
    renameByName: Object.fromEntries([
      ...keys.flatMap(({ label, title }) => (title === undefined ? [] : [[label, title]])),
      ...columns.map(({ title }, index) => [valueOf(index), title]),
    ]),
  };
}

function keyProperties({ title, width, link, mappings }: KeyColumn): DynamicConfigValue[] {
  if (title === undefined) return HIDDEN;
  return [
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [link] }]),
    ...(mappings === undefined
      ? []
      : [
          { id: 'mappings', value: mappings },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ];
}

function valueProperties(column: ValueColumn): DynamicConfigValue[] {
  if (column.hidden) return HIDDEN;
  const type = column.colour === 'text' ? 'color-text' : 'color-background';
  return [
    ...(column.unit === undefined ? [] : [{ id: 'unit', value: column.unit }]),
    ...(column.decimals === undefined ? [] : [{ id: 'decimals', value: column.decimals }]),
    ...(column.width === undefined ? [] : [{ id: 'custom.width', value: column.width }]),
    ...(column.mappings === undefined ? [] : [{ id: 'mappings', value: column.mappings }]),
    ...(column.thresholds === undefined ? [] : [{ id: 'thresholds', value: column.thresholds.build() }]),
    ...(column.colour === undefined ? [] : [{ id: 'custom.cellOptions', value: { type, mode: 'basic' } }]),
  ];
}

/** Older and newer tables of Grafana hide a column by different properties, and pass over what they do not know. */
const HIDDEN: DynamicConfigValue[] = [
  { id: 'custom.hidden', value: true },
  { id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } },
];
