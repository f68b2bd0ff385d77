import { LineKeys } from './line-keys.js';
import { EXACT_DIGITS, NEWLINE, assertComplete, digitAt, lineEnd, parseUnsigned } from './scan.js';

/** A flat keyed file of which some keys are wanted, each in a slot of its own. */
export interface FlatKeyedFormat<Key extends string> {
  readonly keys: readonly Key[];
  /** The index of each key's value in `values`. */
  readonly slots: Readonly<Record<Key, number>>;
  /**
   * Fills the slot of every key: its value, or NaN where the file does not have the key.
   * A key that stands twice has its last value. Lines whose key is not wanted are skipped unread.
   *
   * @throws {ParseError} where a wanted value is no unsigned integer, or the last line is cut; every slot is NaN then.
   */
  parse(bytes: Uint8Array, length: number, values: Float64Array): void;
}

/**
 * The format of `memory.stat`, `cpu.stat`, `memory.events`, `pids.events`, `cgroup.events` and their v1 relatives:
 *
 *     anon 10489856
 *     file 9306112
 *     kernel_stack 114688
 *
 * Kernels add, drop and move keys, so values are found by key. The order of the lines is remembered from
 * file to file, for speed alone: what was read before never changes the result.
 * Format: Documentation/admin-guide/cgroup-v2.rst, "Interface Files".
 */
export function flatKeyed<const Key extends string>(keys: readonly Key[]): FlatKeyedFormat<Key> {
  const lineKeys = new LineKeys(keys);
  return {
    keys,
    // Object.fromEntries cannot say that it makes one entry per key.
    slots: Object.fromEntries(keys.map((key, slot) => [key, slot])) as Record<Key, number>,
    parse(bytes, length, values) {
      values.fill(NaN, 0, keys.length);
      try {
        parseLines(lineKeys, bytes, length, values);
      } catch (error) {
        values.fill(NaN, 0, keys.length);
        throw error;
      }
    },
  };
}

function parseLines(lineKeys: LineKeys, bytes: Uint8Array, length: number, values: Float64Array): void {
  assertComplete(bytes, length);
  let position = 0;
  for (let line = 0; position < length; line++) {
    const slot = lineKeys.slotOf(bytes, length, position, line);
    const start = lineKeys.valueStart;
    let end = start;
    if (slot < 0) {
      // The file ends in a newline.
      while (bytes[end] !== NEWLINE) end++;
    } else {
      let value = 0;
      let digit = digitAt(bytes, end);
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = digitAt(bytes, ++end);
      }
      const exact = end > start && end - start <= EXACT_DIGITS && bytes[end] === NEWLINE;
      values[slot] = exact ? value : parseUnsigned(bytes, start, (end = lineEnd(bytes, length, start)));
    }
    position = end + 1;
  }
}
