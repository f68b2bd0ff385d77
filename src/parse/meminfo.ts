import {
  asciiBytes,
  assertComplete,
  lineEnd,
  malformed,
  matches,
  parseUnsigned,
  skipBlanks,
  skipWord,
} from './scan.js';

/** What /proc/meminfo tells of the host's memory. */
export interface Meminfo {
  readonly memTotalBytes: number | undefined;
  readonly memFreeBytes: number | undefined;
  readonly swapTotalBytes: number | undefined;
  readonly swapFreeBytes: number | undefined;
}

const UNIT = asciiBytes(' kB');
const BYTES_PER_UNIT = 1024;

/**
 * /proc/meminfo, whose kB are 1024 bytes:
 *
 *     MemTotal:       24684092 kB
 *     MemFree:        24294080 kB
 *     MemAvailable:   24298140 kB
 *
 * Format: proc_meminfo(5).
 *
 * @throws {ParseError} where a known line is not a number of kB, or the last line is cut.
 */
export function parseMeminfo(bytes: Uint8Array, length: number): Meminfo {
  assertComplete(bytes, length);
  return {
    memTotalBytes: amount(bytes, length, MEM_TOTAL),
    memFreeBytes: amount(bytes, length, MEM_FREE),
    swapTotalBytes: amount(bytes, length, SWAP_TOTAL),
    swapFreeBytes: amount(bytes, length, SWAP_FREE),
  };
}

const MEM_TOTAL = asciiBytes('MemTotal:');
const MEM_FREE = asciiBytes('MemFree:');
const SWAP_TOTAL = asciiBytes('SwapTotal:');
const SWAP_FREE = asciiBytes('SwapFree:');

function amount(bytes: Uint8Array, length: number, key: Uint8Array): number | undefined {
  for (let position = 0; position < length; position = lineEnd(bytes, length, position) + 1) {
    if (!matches(bytes, length, position, key)) continue;
    const end = lineEnd(bytes, length, position);
    const start = skipBlanks(bytes, end, position + key.length);
    const unit = skipWord(bytes, end, start);
    const known = end - unit === UNIT.length && matches(bytes, end, unit, UNIT);
    if (!known) throw malformed('a number of kB', bytes, end, start);
    return parseUnsigned(bytes, start, unit) * BYTES_PER_UNIT;
  }
  return undefined;
}
