import { parseDevice } from './device.js';
import {
  ascii,
  asciiBytes,
  assertComplete,
  lineEnd,
  malformed,
  matches,
  parseUnsigned,
  skipWord,
} from './scan.js';

/** One counter of one block device. */
export interface BlkioEntry {
  readonly major: number;
  readonly minor: number;
  /** `Read`, `Write`, `Sync`, `Async`, `Discard` or `Total`, in the kernel's words. */
  readonly operation: string;
  readonly value: number;
}

const OPERATIONS = ['Read', 'Write', 'Sync', 'Async', 'Discard', 'Total'].map(name => ({
  name,
  bytes: asciiBytes(name),
}));
/** How the sum over all devices starts; and a device that has no number. */
const SKIPPED = [asciiBytes('Total '), asciiBytes('(unknown) ')];

/**
 * The files of cgroup v1's blkio controller that count by operation, such as `blkio.throttle.io_service_bytes_recursive`:
 *
 *     8:0 Read 90112
 *     8:0 Write 0
 *     8:0 Total 90112
 *     Total 90112
 *
 * The sum over all devices and devices that the kernel calls `(unknown)` are left out.
 * Format: Documentation/admin-guide/cgroup-v1/blkio-controller.rst.
 *
 * @throws {ParseError} where any other line is not a device, a word and an unsigned integer, or the last line is cut.
 */
export function parseBlkio(bytes: Uint8Array, length: number): BlkioEntry[] {
  assertComplete(bytes, length);
  const entries: BlkioEntry[] = [];
  for (let position = 0; position < length;) {
    const end = lineEnd(bytes, length, position);
    if (!isSkipped(bytes, position, end)) entries.push(parseEntry(bytes, position, end));
    position = end + 1;
  }
  return entries;
}

function isSkipped(bytes: Uint8Array, start: number, end: number): boolean {
  for (const prefix of SKIPPED) if (matches(bytes, end, start, prefix)) return true;
  return false;
}

function parseEntry(bytes: Uint8Array, start: number, end: number): BlkioEntry {
  const deviceEnd = skipWord(bytes, end, start);
  const operationEnd = skipWord(bytes, end, deviceEnd + 1);
  if (operationEnd >= end) throw malformed('a device, an operation and a number', bytes, end, start);
  const { major, minor } = parseDevice(bytes, start, deviceEnd);
  return {
    major,
    minor,
    operation: operationName(bytes, deviceEnd + 1, operationEnd),
    value: parseUnsigned(bytes, operationEnd + 1, end),
  };
}

/** One of the constants, where it is a known one, so that no string is made for each entry. */
function operationName(bytes: Uint8Array, start: number, end: number): string {
  for (const operation of OPERATIONS) {
    if (operation.bytes.length === end - start && matches(bytes, end, start, operation.bytes))
      return operation.name;
  }
  const name = ascii(bytes, start, end);
  if (!/^[a-z]+$/iu.test(name)) throw malformed('an operation', bytes, end, start);
  return name;
}
