import type { CollectorName } from '../config/collectors.js';
import type { ContainerSample } from '../model/sample.js';

/** A counter never goes back within one run of what it counts; an info is 1 and says everything in its labels. */
export type MetricType = 'counter' | 'gauge' | 'info';

/** The collectors that `collect[]` and `--collector.<name>` choose between; those without metrics of their own left out. */
export type MetricGroup = Exclude<CollectorName, 'root' | 'percpu'>;

/** Takes one series of a metric: its value (absent yields no series) and the row's own labels in their order. */
export type Emit = (value: number | undefined, ...labels: string[]) => void;

/**
 * One metric of containers: everything there is to know about it. Exposition, documentation, dashboards and goldens
 * are made from these rows or checked against them. Every series also has the labels of its container.
 */
export type Metric = (ValueRow | LabelledRow) & { readonly group: MetricGroup };

/** A part of a sample that is the same object from poll to poll while nothing of it has changed. */
export type StablePart = 'container' | 'confinement';

interface Described {
  readonly name: string;
  readonly type: MetricType;
  /** One sentence with a full stop. */
  readonly help: string;
  /** The kernel's file and field, or the document, that the value comes from. */
  readonly source: string;
  /** The part of the sample that all of its series come from, where that is one that they can be kept for. */
  readonly part?: StablePart;
}

/** A metric with one series per container. */
export interface ValueRow extends Described {
  readonly labels?: undefined;
  /** Pure; runs for each container in each scrape. Absent yields no series. */
  readonly value: (sample: ContainerSample) => number | undefined;
}

/** A metric whose series have labels beside their container's. A label with an empty value is left out. */
export interface LabelledRow extends Described {
  readonly labels: readonly string[];
  readonly series: (sample: ContainerSample, emit: Emit) => void;
}

/** The rows of one group; those of confinement come from that part of a sample alone. */
export function metrics(group: MetricGroup, rows: readonly (ValueRow | LabelledRow)[]): readonly Metric[] {
  return rows.map(row => ({ ...row, ...(group === 'confinement' && { part: group }), group }));
}

/** Declares a row with labels; the type ties what `series` emits to the labels that the row names. */
export function labelled<const Labels extends readonly string[]>(
  row: Described & {
    readonly labels: Labels;
    readonly series: (
      sample: ContainerSample,
      emit: (value: number | undefined, ...labels: { [Index in keyof Labels]: string }) => void,
    ) => void;
  },
): LabelledRow {
  // The renderer's emit takes any number of labels; the row's own type has already held it to its list.
  return { ...row, series: row.series as LabelledRow['series'] };
}

/** 1 and 0 for what is so and what is not; absent stays absent. */
export function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
