import type { ByteChunk } from './byte-chunk.js';

/**
 * A run of whole lines of a body. It is never altered, so that the same object is always the same bytes and whoever has
 * compressed it may keep that.
 */
export interface Block {
  /** How many times {@link appendTo} can be told to go on: its series, where it has any. */
  readonly length: number;
  /** Appends its lines from a place on, until its end or until the chunk is full; answers the place that comes next. */
  appendTo(chunk: ByteChunk, from: number): number;
}

/** Lines that are there already. */
export function textBlock(text: Uint8Array): Block {
  return {
    length: 1,
    appendTo: chunk => {
      chunk.append(text);
      return 1;
    },
  };
}

/** Series of one metric, after its header where they are its first. */
export class SeriesBlock implements Block {
  private readonly header: Uint8Array;
  /** Of each series, the metric's name with its own labels. */
  private readonly names: Uint8Array[];
  /** Of each series, its container's labels and all that follows them up to the value. */
  private readonly labels: Uint8Array[];
  private readonly values: number[];

  constructor(
    header: Uint8Array,
    names: Uint8Array[] = [],
    labels: Uint8Array[] = [],
    values: number[] = [],
  ) {
    this.header = header;
    this.names = names;
    this.labels = labels;
    this.values = values;
  }

  get length(): number {
    return this.values.length;
  }

  appendTo(chunk: ByteChunk, from: number): number {
    const { names, labels, values } = this;
    if (from === 0) chunk.append(this.header);
    let index = from;
    while (index < values.length && !chunk.isFull) {
      chunk.appendSample(names[index] ?? EMPTY, labels[index] ?? EMPTY, values[index] ?? NaN);
      index += 1;
    }
    return index;
  }

  /** Whether this series is in this place. */
  has(index: number, name: Uint8Array, labels: Uint8Array, value: number): boolean {
    return (
      this.names[index] === name && this.labels[index] === labels && Object.is(this.values[index], value)
    );
  }

  /** A builder's own: adds a series at the end. */
  push(name: Uint8Array, labels: Uint8Array, value: number): void {
    this.names.push(name);
    this.labels.push(labels);
    this.values.push(value);
  }

  /** A new block of its first series. */
  first(count: number): SeriesBlock {
    return new SeriesBlock(
      this.header,
      this.names.slice(0, count),
      this.labels.slice(0, count),
      this.values.slice(0, count),
    );
  }
}

/** Makes a block, or finds that it is the one that was made in its place the last time. */
export class BlockBuilder {
  length = 0;
  private readonly before: SeriesBlock;
  /** Absent while all series are those of the last time. */
  private altered: SeriesBlock | undefined;

  constructor(before: SeriesBlock) {
    this.before = before;
  }

  add(name: Uint8Array, labels: Uint8Array, value: number): void {
    const index = this.length;
    this.length += 1;
    if (this.altered === undefined) {
      if (this.before.has(index, name, labels, value)) return;
      this.altered = this.before.first(index);
    }
    this.altered.push(name, labels, value);
  }

  /** The block; nothing may be added after that. */
  build(): SeriesBlock {
    if (this.altered !== undefined) return this.altered;
    return this.length === this.before.length ? this.before : this.before.first(this.length);
  }
}

const EMPTY: Uint8Array = new Uint8Array(0);
