import { MAXIMUM_NUMBER_BYTES, writeNumber } from './number-text.js';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 256 << 10;
/** A chunk is full before it has to grow, in the usual case. */
const FULL_BYTES = CHUNK_BYTES - (8 << 10);

/**
 * A buffer that lines of exposition are appended to, taken when it is full and grown when a line needs it. It is used
 * again and again: new memory for each would cost as much as writing to it.
 */
export class ByteChunk {
  length = 0;
  private bytes: Uint8Array;

  constructor(capacity: number = CHUNK_BYTES) {
    this.bytes = uncleared(capacity);
  }

  /** Whether it is time to take it. */
  get isFull(): boolean {
    return this.length >= FULL_BYTES;
  }

  append(text: Uint8Array): void {
    if (this.length + text.length > this.bytes.length) this.grow(text.length);
    this.bytes.set(text, this.length);
    this.length += text.length;
  }

  /** One sample line: its name with its own labels, its container's labels, its value. */
  appendSample(nameAndLabels: Uint8Array, containerLabels: Uint8Array, value: number): void {
    const most = nameAndLabels.length + containerLabels.length + MAXIMUM_NUMBER_BYTES + 1;
    if (this.length + most > this.bytes.length) this.grow(most);
    const bytes = this.bytes;
    bytes.set(nameAndLabels, this.length);
    bytes.set(containerLabels, this.length + nameAndLabels.length);
    const end = writeNumber(bytes, this.length + nameAndLabels.length + containerLabels.length, value);
    bytes[end] = NEWLINE;
    this.length = end + 1;
  }

  /** What was appended since the last call; what is appended next is written over it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private grow(needed: number): void {
    const grown = uncleared(Math.max(this.bytes.length * 2, this.length + needed));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/** Memory of its own that nobody has written zeros to: only what was appended is ever taken away. */
function uncleared(length: number): Uint8Array {
  return Buffer.allocUnsafeSlow(length);
}
