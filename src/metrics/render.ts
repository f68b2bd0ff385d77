import type { ContainerSample } from '../model/sample.js';
import type { Block } from './block.js';
import type { ExpositionFormat } from './exposition.js';
import { Family } from './family.js';
import type { FamilySeries, Row, SeriesCount } from './family.js';
import { containerLabels } from './label-text.js';
import type { LabelPolicy } from './label-text.js';
import type { Metric, StablePart } from './metric.js';

const NO_CONTAINER = {};

const encoder = new TextEncoder();

export interface RenderOptions {
  readonly format: ExpositionFormat;
  readonly labels: LabelPolicy;
  /** Series past this are dropped and counted; 0 is no limit. */
  readonly maximumSeries: number;
}

/**
 * Renders container metrics. Everything that repeats from scrape to scrape, a metric's header and name and a container's
 * labels, is kept as bytes, and so are series of what has not changed; what is left is to copy them and to write the
 * numbers.
 */
export class Renderer {
  private readonly options: RenderOptions;
  private readonly families: readonly Family[];
  /** By container; the root cgroup has none. */
  private readonly labels = new WeakMap<object, { cgroupPath: string; bytes: Uint8Array }>();
  /** By the part of a sample that they come from, the series of each family of that part. */
  private readonly kept = new WeakMap<object, FamilySeries[]>();

  constructor(metrics: readonly Metric[], options: RenderOptions) {
    this.options = options;
    const places = { container: 0, confinement: 0 };
    this.families = metrics.map(
      metric => new Family(metric, metric.part === undefined ? 0 : places[metric.part]++, options.format),
    );
  }

  /** The metrics of some groups, or of all. A metric without series has no header either. */
  *render(
    samples: readonly ContainerSample[],
    groups: ReadonlySet<string> | undefined,
    count: SeriesCount,
  ): Generator<Block, void, undefined> {
    const rows = samples.map(sample => this.row(sample));
    for (const family of this.families)
      if (groups === undefined || groups.has(family.metric.group))
        yield* family.blocks(rows, this.options.maximumSeries, count);
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
    const key = container ?? NO_CONTAINER;
    const known = this.labels.get(key);
    if (known?.cgroupPath === cgroupPath) return known.bytes;
    const bytes = encoder.encode(`${containerLabels(sample, this.options.labels)}} `);
    this.labels.set(key, { cgroupPath, bytes });
    return bytes;
  }
}
