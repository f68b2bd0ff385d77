import type { ContainerSample } from '../model/sample.js';
import { BlockBuilder } from './block.js';
import type { SeriesBlock } from './block.js';
import type { ExpositionFormat } from './exposition.js';
import { metricHeader } from './header.js';
import { labelPairs } from './label-text.js';
import type { Metric, StablePart } from './metric.js';

/** Label texts remembered for each metric; more than this means that they change all the time. */
const MAXIMUM_REMEMBERED = 20_000;
/** Series of one sample and metric whose labels are compared with the last sample's before they are looked up. */
const MAXIMUM_PLACES = 256;
/** A block ends behind the container with which it has so many series: with labels of usual length, at 70 to 200 kB. */
const BLOCK_SERIES = 512;

const encoder = new TextEncoder();

/** What one rendering came to. */
export interface SeriesCount {
  rendered: number;
  dropped: number;
}

/** A sample, and what is kept of it from scrape to scrape. */
export interface Row {
  readonly sample: ContainerSample;
  /** Its container's labels and all that follows them up to the value. */
  readonly labels: Uint8Array;
  /** By part, the series of each family of that part that were made before; absent as the part is. */
  readonly kept: Readonly<Record<StablePart, FamilySeries[] | undefined>>;
}

/** The series of one sample and metric: the metric's name with its own labels, and the value, of each. */
export interface FamilySeries {
  readonly names: Uint8Array[];
  readonly values: number[];
}

/** Takes one series. */
type Take = (name: Uint8Array, value: number) => void;

/** One metric with what is kept of it from scrape to scrape. */
export class Family {
  readonly metric: Metric;
  /** Among the renderer's families of the same part. */
  private readonly index: number;
  private readonly header: Uint8Array;
  private readonly name: Uint8Array;
  private readonly remembered = new Map<string, Uint8Array>();
  /** The blocks of the last scrape. */
  private made: readonly SeriesBlock[] = [];
  /** The series that were made last to be kept. */
  private last: FamilySeries = NO_SERIES;
  /** The labels of the last sample's first series, of its second, and so on: another sample's are mostly the same. */
  private readonly places: { readonly values: readonly string[]; readonly bytes: Uint8Array }[] = [];

  constructor(metric: Metric, index: number, format: ExpositionFormat) {
    this.metric = metric;
    this.index = index;
    this.header = encoder.encode(metricHeader(metric, format));
    this.name = encoder.encode(`${metric.name}{`);
  }

  /** This metric's series of all samples, in blocks; those without a change are the blocks of the last time. */
  *blocks(rows: readonly Row[], maximumSeries: number, count: SeriesCount): Generator<SeriesBlock> {
    const before = this.made;
    const made: SeriesBlock[] = [];
    const builderOf = (index: number): BlockBuilder =>
      new BlockBuilder(index === 0 ? this.header : EMPTY, before[index]);
    const most = maximumSeries > 0 ? maximumSeries : Infinity;
    let builder = builderOf(0);
    let labels: Uint8Array = EMPTY;
    const addSeries = this.adder((name, value) => {
      if (count.rendered >= most) {
        count.dropped += 1;
        return;
      }
      count.rendered += 1;
      builder.add(name, labels, value);
    });
    for (const row of rows) {
      labels = row.labels;
      addSeries(row);
      if (builder.length < BLOCK_SERIES) continue;
      const block = builder.build();
      made.push(block);
      yield block;
      builder = builderOf(made.length);
    }
    const last = builder.length > 0 ? [builder.build()] : [];
    this.made = [...made, ...last];
    yield* last;
  }

  /** Hands on a row's series. */
  private adder(take: Take): (row: Row) => void {
    const { part } = this.metric;
    if (part === undefined) {
      const evaluate = this.evaluator(take);
      return row => evaluate(row.sample);
    }
    return row => {
      const { names, values } = this.keptSeries(row, part);
      for (let index = 0; index < names.length; index += 1) take(names[index] ?? EMPTY, values[index] ?? NaN);
    };
  }

  private keptSeries({ sample, kept }: Row, part: StablePart): FamilySeries {
    const ofPart = kept[part];
    if (ofPart === undefined) return NO_SERIES;
    let series = ofPart[this.index];
    if (series === undefined) ofPart[this.index] = series = this.evaluate(sample);
    return series;
  }

  private evaluate(sample: ContainerSample): FamilySeries {
    const names: Uint8Array[] = [];
    const values: number[] = [];
    this.evaluator((name, value) => {
      names.push(name);
      values.push(value);
    })(sample);
    // Containers are mostly confined alike: what is kept for one serves for the next.
    if (!same(names, this.last.names) || !same(values, this.last.values)) this.last = { names, values };
    return this.last;
  }

  /** Hands on the series of one sample after another. */
  private evaluator(take: Take): (sample: ContainerSample) => void {
    const { metric, name } = this;
    if (metric.labels === undefined)
      return sample => {
        const value = metric.value(sample);
        if (value !== undefined) take(name, value);
      };
    let place = 0;
    const emit = (value: number | undefined, ...values: string[]): void => {
      if (value !== undefined) take(this.labelled(metric.labels, values, place++), value);
    };
    return sample => {
      place = 0;
      metric.series(sample, emit);
    };
  }

  /** The metric's name with its own labels, up to where the container's labels follow. */
  private labelled(names: readonly string[], values: readonly string[], place: number): Uint8Array {
    const last = this.places[place];
    if (last !== undefined && same(last.values, values)) return last.bytes;
    const bytes = this.remember(names, values);
    if (place < MAXIMUM_PLACES) this.places[place] = { values, bytes };
    return bytes;
  }

  private remember(names: readonly string[], values: readonly string[]): Uint8Array {
    const key = values.join('\0');
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const pairs = labelPairs(names.map((name, index) => [name, values[index] ?? ''] as const));
    const bytes = encoder.encode(`${this.metric.name}{${pairs}${pairs === '' ? '' : ','}`);
    if (this.remembered.size >= MAXIMUM_REMEMBERED) this.remembered.clear();
    this.remembered.set(key, bytes);
    return bytes;
  }
}

function same<Value>(values: readonly Value[], others: readonly Value[]): boolean {
  for (let index = 0; index < values.length; index += 1) if (values[index] !== others[index]) return false;
  return values.length === others.length;
}

const EMPTY: Uint8Array = new Uint8Array(0);
const NO_SERIES: FamilySeries = { names: [], values: [] };
