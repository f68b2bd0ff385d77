import type { Container } from '../discover/container.js';
import type { ContainerSample } from '../model/sample.js';
import { ByteChunk } from './byte-chunk.js';
import type { ExpositionFormat } from './exposition.js';
import { Family } from './family.js';
import type { FamilySeries, Row, SeriesCount } from './family.js';
import { containerLabels } from './label-text.js';
import type { LabelPolicy } from './label-text.js';
import type { Metric, StablePart } from './metric.js';

const CHUNK_BYTES = 256 << 10;
/** Room for the lines of one more container, so that a chunk is not grown in the usual case. */
const CHUNK_RESERVE_BYTES = 16 << 10;

const encoder = new TextEncoder();

export interface RenderOptions {
  readonly format: ExpositionFormat;
  readonly labels: LabelPolicy;
  /** Series past this are dropped and counted; 0 is no limit. */
  readonly maximumSeries: number;
}

/**
 * Renders container metrics into bytes. Everything that repeats from scrape to scrape, a metric's header and name and
 * a container's labels, is kept as bytes, and so are series of what has not changed; what is left is to copy them and to
 * write the numbers.
 */
export class Renderer {
  private readonly options: RenderOptions;
  private readonly families: readonly Family[];
  private readonly containers = new WeakMap<Container, { cgroupPath: string; bytes: Uint8Array }>();
  /** By the part of a sample that they come from, the series of each family of that part. */
  private readonly kept = new WeakMap<object, FamilySeries[]>();

  constructor(metrics: readonly Metric[], options: RenderOptions) {
    this.options = options;
    const places = { container: 0, confinement: 0 };
    this.families = metrics.map(
      metric => new Family(metric, metric.part === undefined ? 0 : places[metric.part]++, options.format),
    );
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
    const rows = samples.map(sample => this.row(sample));
    for (const family of this.families) {
      if (groups !== undefined && !groups.has(family.metric.group)) continue;
      const write = family.writer(chunk, this.options.maximumSeries, count);
      for (const row of rows) {
        write(row);
        if (chunk.length > CHUNK_BYTES - CHUNK_RESERVE_BYTES) yield chunk.take();
      }
    }
    if (chunk.length > 0) yield chunk.take();
  }

  private row(sample: ContainerSample): Row {
    const kept = {
      container: this.keptOf(sample, 'container'),
      confinement: this.keptOf(sample, 'confinement'),
    };
    return { sample, labels: this.labelBytes(sample), kept };
  }

  private keptOf(sample: ContainerSample, part: StablePart): FamilySeries[] | undefined {
    const object = sample[part];
    if (object === undefined) return undefined;
    let kept = this.kept.get(object);
    if (kept === undefined) this.kept.set(object, (kept = []));
    return kept;
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
