import { NEWLINE, assertComplete, digitAt, lineEnd, malformed, parseUnsigned } from './scan.js';

/**
 * How many processes `cgroup.procs` lists, one to a line:
 *
 *     4711
 *     4782
 *
 * Format: Documentation/admin-guide/cgroup-v2.rst, "Core Interface Files".
 *
 * @throws {ParseError} where a line is no pid, or the last line is cut.
 */
export function countProcesses(bytes: Uint8Array, length: number): number {
  assertComplete(bytes, length);
  let count = 0;
  let lineStart = 0;
  for (let position = 0; position < length; position++) {
    if (bytes[position] === NEWLINE && position > lineStart) {
      count++;
      lineStart = position + 1;
    } else {
      const digit = digitAt(bytes, position);
      if (digit < 0 || digit > 9) {
        throw malformed('a pid', bytes, lineEnd(bytes, length, lineStart), lineStart);
      }
    }
  }
  return count;
}

/**
 * The pids that `cgroup.procs` lists, in the reader's pid namespace; 0 is a process that is not in it.
 *
 * @throws {ParseError} where a line is no pid, or the last line is cut.
 */
export function parseProcessIds(bytes: Uint8Array, length: number): number[] {
  assertComplete(bytes, length);
  const pids: number[] = [];
  for (let position = 0; position < length;) {
    const end = lineEnd(bytes, length, position);
    pids.push(parseUnsigned(bytes, position, end));
    position = end + 1;
  }
  return pids;
}
