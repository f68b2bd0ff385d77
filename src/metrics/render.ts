import type { Container } from '../discover/container.js';
import type { ContainerSample } from '../model/sample.js';
import { ByteChunk } from './byte-chunk.js';
import type { ExpositionFormat } from './exposition.js';
import { metricHeader } from './header.js';
import { containerLabels, labelPairs } from './label-text.js';
import type { LabelPolicy } from './label-text.js';
import type { Metric } from './metric.js';

const CHUNK_BYTES = 256 << 10;
/** Room for the lines of one more container, so that a chunk is not grown in the usual case. */
const CHUNK_RESERVE_BYTES = 16 << 10;
/** Label texts remembered for each metric; more than this means that they change all the time. */
const MAXIMUM_REMEMBERED = 20_000;
/** Series of one sample and metric whose labels are compared with the last sample's before they are looked up. */
const MAXIMUM_PLACES = 256;

const encoder = new TextEncoder();

export interface RenderOptions {
  readonly format: ExpositionFormat;
  readonly labels: LabelPolicy;
  /** Series past this are dropped and counted; 0 is no limit. */
  readonly maximumSeries: number;
}

/** What one rendering came to. */
export interface SeriesCount {
  rendered: number;
  dropped: number;
}

/**
 * Renders container metrics into bytes. Everything that repeats from scrape to scrape, a metric's header and name and
 * a container's labels, is kept as bytes; what is left is to copy them and to write the numbers.
 */
export class Renderer {
  private readonly options: RenderOptions;
  private readonly families: readonly Family[];
  private readonly containers = new WeakMap<Container, { cgroupPath: string; bytes: Uint8Array }>();

  constructor(metrics: readonly Metric[], options: RenderOptions) {
    this.options = options;
    this.families = metrics.map(metric => new Family(metric, options.format));
  }

  /**
   * The metrics of some groups, or of all, chunk by chunk; asking for the next one ends the use of the last, which is
   * written over. A metric without series has no header either.
   */
  *render(
    samples: readonly ContainerSample[],
    groups: ReadonlySet<string> | undefined,
    count: SeriesCount,
  ): Generator<Uint8Array, void, undefined> {
    const chunk = new ByteChunk(CHUNK_BYTES);
    const labels = samples.map(sample => this.labelBytes(sample));
    for (const family of this.families) {
      if (groups !== undefined && !groups.has(family.metric.group)) continue;
      const writer = family.writer(chunk, this.options.maximumSeries, count);
      for (let index = 0; index < samples.length; index += 1) {
        const sample = samples[index];
        const sampleLabels = labels[index];
        if (sample === undefined || sampleLabels === undefined) continue;
        writer.write(sample, sampleLabels);
        if (chunk.length > CHUNK_BYTES - CHUNK_RESERVE_BYTES) yield chunk.take();
      }
    }
    if (chunk.length > 0) yield chunk.take();
  }

  /** A container's labels and all that follows them up to the value. */
  private labelBytes(sample: ContainerSample): Uint8Array {
    const { container, cgroupPath } = sample;
    const known = container && this.containers.get(container);
    if (known?.cgroupPath === cgroupPath) return known.bytes;
    const bytes = encoder.encode(`${containerLabels(sample, this.options.labels)}} `);
    if (container !== undefined) this.containers.set(container, { cgroupPath, bytes });
    return bytes;
  }
}

/** One metric with what is kept of it from scrape to scrape. */
class Family {
  readonly metric: Metric;
  private readonly header: Uint8Array;
  private readonly name: Uint8Array;
  private readonly remembered = new Map<string, Uint8Array>();
  /** The labels of the last sample's first series, of its second, and so on: another sample's are mostly the same. */
  private readonly places: { readonly values: readonly string[]; readonly bytes: Uint8Array }[] = [];

  constructor(metric: Metric, format: ExpositionFormat) {
    this.metric = metric;
    this.header = encoder.encode(metricHeader(metric, format));
    this.name = encoder.encode(`${metric.name}{`);
  }

  /** Writes this metric's series of one sample after another. */
  writer(
    chunk: ByteChunk,
    maximumSeries: number,
    count: SeriesCount,
  ): { write(sample: ContainerSample, labels: Uint8Array): void } {
    const { metric } = this;
    const header = this.header;
    let current: Uint8Array = EMPTY;
    let begun = false;
    const append = (name: Uint8Array, value: number): void => {
      if (maximumSeries > 0 && count.rendered >= maximumSeries) {
        count.dropped += 1;
        return;
      }
      if (!begun) chunk.append(header);
      begun = true;
      count.rendered += 1;
      chunk.appendSample(name, current, value);
    };
    if (metric.labels === undefined)
      return {
        write: (sample, labels) => {
          const value = metric.value(sample);
          current = labels;
          if (value !== undefined) append(this.name, value);
        },
      };
    let place = 0;
    const emit = (value: number | undefined, ...values: string[]): void => {
      if (value !== undefined) append(this.labelled(metric.labels, values, place++), value);
    };
    return {
      write: (sample, labels) => {
        current = labels;
        place = 0;
        metric.series(sample, emit);
      },
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

function same(values: readonly string[], others: readonly string[]): boolean {
  for (let index = 0; index < values.length; index += 1) if (values[index] !== others[index]) return false;
  return values.length === others.length;
}

const EMPTY: Uint8Array = new Uint8Array(0);
