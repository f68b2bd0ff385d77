import type { ByteChunk } from './byte-chunk.js';

/**
 * A run of whole lines of a body. It is never altered, so that the same object is always the same bytes and whoever has
 * compressed it may keep that.
 */
export interface Block {
  /** The place behind its last line, for {@link appendTo}: 1 for text, otherwise the number of its series. */
  readonly length: number;
  /**
   * Appends what comes from a place on, at least one line, until its end or until the chunk is full; answers the place that
   * comes next.
   */
  appendTo(chunk: ByteChunk, from: number): number;
}

/** Lines that are there already, which go into a chunk at once. */
export function textBlock(text: Uint8Array): Block {
  return {
    length: 1,
    appendTo: chunk => {
      chunk.append(text);
      return 1;
    },
  };
}

/** Series of one metric, after its header where they are its first. At least one. */
export class SeriesBlock implements Block {
  private readonly header: Uint8Array;
  private readonly series: BlockSeries;

  constructor(header: Uint8Array, series: BlockSeries) {
    this.header = header;
    this.series = series;
  }

  get length(): number {
    return this.series.values.length;
  }

  appendTo(chunk: ByteChunk, from: number): number {
    const { names, labels, values } = this.series;
    if (from === 0) chunk.append(this.header);
    let index = from;
    // The header alone may fill the chunk: it must not come again.
    do {
      chunk.appendSample(names[index] ?? EMPTY, labels[index] ?? EMPTY, values[index] ?? NaN);
      index += 1;
    } while (index < values.length && !chunk.isFull);
    return index;
  }

  /** Whether this series is in this place. */
  has(index: number, name: Uint8Array, labels: Uint8Array, value: number): boolean {
    const { series } = this;
    return (
      series.names[index] === name &&
      series.labels[index] === labels &&
      Object.is(series.values[index], value)
    );
  }

  /** Its first series, to go on with otherwise. */
  first(count: number): BlockSeries {
    const { names, labels, values } = this.series;
    return {
      names: names.slice(0, count),
      labels: labels.slice(0, count),
      values: values.slice(0, count),
    };
  }
}

/** Makes a block, or finds that it is the one that was made in its place the last time. */
export class BlockBuilder {
  length = 0;
  private readonly header: Uint8Array;
  private readonly before: SeriesBlock;
  /** Absent while all series are those of the last time. */
  private series: BlockSeries | undefined;

  /** `before` is the block that was made in its place the last time, with the same header. */
  constructor(header: Uint8Array, before: SeriesBlock = new SeriesBlock(header, NO_SERIES)) {
    this.header = header;
    this.before = before;
  }

  add(name: Uint8Array, labels: Uint8Array, value: number): void {
    const index = this.length;
    this.length += 1;
    if (this.series === undefined) {
      if (this.before.has(index, name, labels, value)) return;
      this.series = this.before.first(index);
    }
    this.series.names.push(name);
    this.series.labels.push(labels);
    this.series.values.push(value);
  }

  /** The block; nothing may be added after that. */
  build(): SeriesBlock {
    const { header, before } = this;
    if (this.series === undefined && this.length === before.length) return before;
    return new SeriesBlock(header, this.series ?? before.first(this.length));
  }
}

interface BlockSeries {
  /** Of each series, the metric's name with its own labels. */
  readonly names: Uint8Array[];
  /** Of each series, its container's labels and all that follows them up to the value. */
  readonly labels: Uint8Array[];
  readonly values: number[];
}

const NO_SERIES: BlockSeries = { names: [], labels: [], values: [] };
const EMPTY: Uint8Array = new Uint8Array(0);
