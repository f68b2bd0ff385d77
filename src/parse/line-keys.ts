import { NEWLINE, SPACE, ascii } from './scan.js';

const MAX_LINES = 256;
const MAX_KEY_BYTES = 8192;
/** Keys of fewer bytes, the space behind them included, are not remembered: see `#holds`. */
const MIN_KEY_BYTES = 4;
const UNKNOWN = -1;

/**
 * Tells which key a `key value` line starts with. The kernel prints the same keys in the same order
 * again and again, so it remembers the keys of the last file line by line and compares; a line that
 * differs is looked up in the table of keys, and remembered instead. Allocates nothing while the
 * lines stay the same.
 */
export class LineKeys {
  /** Where the value of the line that `slotOf` saw last starts. */
  valueStart = 0;

  readonly #slots: ReadonlyMap<string, number>;
  readonly #longest: number;
  /** The keys of the remembered lines one behind the other, each with the space that ends it. */
  readonly #keyBytes = new Uint8Array(MAX_KEY_BYTES);
  readonly #keyView = new DataView(this.#keyBytes.buffer);
  /** Where each line's key ends in there. */
  readonly #keyEnds = new Int32Array(MAX_LINES);
  readonly #lineSlots = new Int32Array(MAX_LINES);
  #lines = 0;
  #viewed: Uint8Array = this.#keyBytes;
  #view: DataView = this.#keyView;

  constructor(keys: readonly string[]) {
    this.#slots = new Map(keys.map((key, slot) => [key, slot]));
    this.#longest = Math.max(0, ...keys.map(key => key.length));
  }

  /**
   * The index of the key of the line that starts at `start` and is the `line`th from 0, or -1 where
   * that key is not wanted. Moves `valueStart` behind the key.
   */
  slotOf(bytes: Uint8Array, length: number, start: number, line: number): number {
    if (line < this.#lines) {
      const keyStart = line === 0 ? 0 : (this.#keyEnds[line - 1] ?? 0);
      const keyLength = (this.#keyEnds[line] ?? 0) - keyStart;
      if (start + keyLength <= length && this.#holds(this.#viewOf(bytes), start, keyStart, keyLength)) {
        this.valueStart = start + keyLength;
        return this.#lineSlots[line] ?? UNKNOWN;
      }
    }
    return this.#lookUp(bytes, length, start, line);
  }

  /** Compares four bytes at a time; the last step may overlap the one before. */
  #holds(view: DataView, start: number, keyStart: number, keyLength: number): boolean {
    const last = keyLength - 4;
    for (let index = 0; index < last; index += 4) {
      if (view.getInt32(start + index) !== this.#keyView.getInt32(keyStart + index)) return false;
    }
    return view.getInt32(start + last) === this.#keyView.getInt32(keyStart + last);
  }

  /** Readers use one buffer for all files, so that one view serves until another buffer comes. */
  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#viewed) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#viewed = bytes;
    }
    return this.#view;
  }

  #lookUp(bytes: Uint8Array, length: number, start: number, line: number): number {
    this.#lines = Math.min(this.#lines, line);
    const end = keyEnd(bytes, length, start);
    this.valueStart = end;
    if (bytes[end - 1] !== SPACE || end === start) return UNKNOWN;
    const slot = end - 1 - start <= this.#longest ? this.#slots.get(ascii(bytes, start, end - 1)) : undefined;
    if (line === this.#lines) this.#remember(bytes, start, end, slot ?? UNKNOWN);
    return slot ?? UNKNOWN;
  }

  #remember(bytes: Uint8Array, start: number, end: number, slot: number): void {
    const line = this.#lines;
    const keyStart = line === 0 ? 0 : (this.#keyEnds[line - 1] ?? 0);
    const keyEnd = keyStart + end - start;
    if (line >= MAX_LINES || keyEnd > MAX_KEY_BYTES || end - start < MIN_KEY_BYTES) return;
    this.#keyBytes.set(bytes.subarray(start, end), keyStart);
    this.#keyEnds[line] = keyEnd;
    this.#lineSlots[line] = slot;
    this.#lines = line + 1;
  }
}

/** Behind the space that ends the line's first word; where there is none, at the line's end. */
function keyEnd(bytes: Uint8Array, length: number, start: number): number {
  let end = start;
  while (end < length && bytes[end] !== NEWLINE) {
    if (bytes[end++] === SPACE) break;
  }
  return end;
}
