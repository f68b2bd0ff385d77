import {
  EXACT_DIGITS,
  NEWLINE,
  asciiBytes,
  digitAt,
  lineEnd,
  malformed,
  matches,
  parseSigned,
} from './scan.js';

const MAX = asciiBytes('max');

/**
 * A file of one integer, such as `memory.current`, `pids.max` or v1's `cpu.cfs_quota_us`:
 *
 *     9306112
 *
 * `max`, which is how cgroup v2 says "no limit", is Infinity. The final newline may be missing.
 * Format: Documentation/admin-guide/cgroup-v2.rst, "Interface Files".
 *
 * @throws {ParseError} where the file is anything else.
 */
export function parseSingleValue(bytes: Uint8Array, length: number): number {
  let value = 0;
  let position = 0;
  while (position < length && position < EXACT_DIGITS) {
    const digit = digitAt(bytes, position);
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    position++;
  }
  const complete = position === length || (position === length - 1 && bytes[position] === NEWLINE);
  return position > 0 && complete ? value : parseUnusual(bytes, length);
}

/** `max`, a negative number, or one of more digits than a double holds exactly. */
function parseUnusual(bytes: Uint8Array, length: number): number {
  const end = lineEnd(bytes, length, 0);
  if (end < length - 1) throw malformed('a single line', bytes, length, end + 1);
  if (end === MAX.length && matches(bytes, end, 0, MAX)) return Infinity;
  return parseSigned(bytes, 0, end);
}
