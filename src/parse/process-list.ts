import { assertComplete, lineEnd, parseUnsigned } from './scan.js';

/**
 * The pids that `cgroup.procs` lists, one to a line, in the reader's pid namespace; 0 is a process that is not in it:
 *
 *     4711
 *     4782
 *
 * Format: Documentation/admin-guide/cgroup-v2.rst, "Core Interface Files".
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
