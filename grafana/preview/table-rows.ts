import type { Answer } from './answers.js';
import type { FieldConfig, Panel } from './dashboard-file.js';

/** A column of a table: how it is called and how its cells look. */
export interface TableColumn {
  readonly title: string;
  readonly config: FieldConfig;
  readonly width: number | undefined;
  /** How a cell shows the colour of its value; absent where it does not. */
  readonly colour: 'background' | 'text' | undefined;
}

export interface TableRows {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
}

/** The cells of a row in the order of the columns: a label's text, a value, or neither. */
export type Row = readonly (string | number | undefined)[];

/**
 * What Grafana makes of the answers of a table by the transformations `merge` and `organize`: series with the same labels
 * share a row, each query has a column, columns are renamed, ordered and hidden.
 */
export function tableRows(panel: Panel, answers: readonly Answer[]): TableRows {
  const organize = panel.transformations?.find(({ id }) => id === 'organize')?.options ?? {};
  const { renameByName = {}, indexByName = {} } = organize;
  const fieldOf = (refId: string): string => (panel.targets?.length === 1 ? 'Value' : `Value #${refId}`);
  const merged = new Map<string, Map<string, string | number>>();
  for (const { refId, labels, points } of answers) {
    const key = JSON.stringify(labels, Object.keys(labels).toSorted());
    const row = merged.get(key) ?? new Map<string, string | number>(Object.entries(labels));
    merged.set(key, row.set(fieldOf(refId), points.at(-1)?.[1] ?? Number.NaN));
  }
  const fields = Object.entries(indexByName)
    .toSorted(([, a], [, b]) => a - b)
    .map(([field]) => ({ field, column: columnOf(panel, renameByName[field] ?? field) }))
    .filter(({ column }) => column !== undefined);
  const columns = fields.flatMap(({ column }) => column ?? []);
  const rows = [...merged.values()].map(row => fields.map(({ field }) => row.get(field)));
  const [sort] = panel.options?.sortBy ?? [];
  const sorted = columns.findIndex(({ title }) => title === sort?.displayName);
  const compare = (a: Row, b: Row): number => compared(a[sorted], b[sorted]) * (sort?.desc ? -1 : 1);
  return { columns, rows: sorted < 0 ? rows : rows.toSorted(compare) };
}

function compared(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}

/** Undefined for a column that is hidden. */
function columnOf({ fieldConfig }: Panel, title: string): TableColumn | undefined {
  const properties = new Map(
    (fieldConfig?.overrides ?? [])
      .filter(({ matcher }) => matcher.options === title)
      .flatMap(override => override.properties)
      .map(({ id, value }) => [id, value]),
  );
  if (properties.get('custom.hidden') === true) return undefined;
  const type = (properties.get('custom.cellOptions') as { type?: string } | undefined)?.type;
  const own = Object.fromEntries(properties) as FieldConfig;
  return {
    title,
    config: { ...fieldConfig?.defaults, ...own },
    width: properties.get('custom.width') as number | undefined,
    colour: type === 'color-background' ? 'background' : type === 'color-text' ? 'text' : undefined,
  };
}
