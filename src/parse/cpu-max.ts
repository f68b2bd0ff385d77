import { asciiBytes, lineEnd, malformed, matches, parseUnsigned, skipWord } from './scan.js';

/** How much CPU time a cgroup may use in each period. */
export interface CpuMax {
  /** Infinity where there is no limit. */
  readonly quotaMicroseconds: number;
  readonly periodMicroseconds: number;
}

const MAX = asciiBytes('max');

/**
 * cgroup v2's `cpu.max`:
 *
 *     max 100000
 *
 * Format: Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files". The final newline may be missing.
 *
 * @throws {ParseError} where there are not two numbers, or `max` and a number.
 */
export function parseCpuMax(bytes: Uint8Array, length: number): CpuMax {
  const end = lineEnd(bytes, length, 0);
  if (end < length - 1) throw malformed('a single line', bytes, length, end + 1);
  const quotaEnd = skipWord(bytes, end, 0);
  const unlimited = quotaEnd === MAX.length && matches(bytes, end, 0, MAX);
  return {
    quotaMicroseconds: unlimited ? Infinity : parseUnsigned(bytes, 0, quotaEnd),
    periodMicroseconds: parseUnsigned(bytes, quotaEnd + 1, end),
  };
}
