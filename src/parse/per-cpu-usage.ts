import { assertComplete, lineEnd, malformed, parseUnsigned, skipBlanks, skipWord } from './scan.js';

/**
 * The CPU time of each CPU in nanoseconds, in the order of the CPUs (`cpuacct.usage_percpu`):
 *
 *     288677140 283741
 *
 * Format: Documentation/admin-guide/cgroup-v1/cpuacct.rst.
 *
 * @throws {ParseError} where something else than one line of unsigned integers stands there.
 */
export function parsePerCpuUsage(bytes: Uint8Array, length: number): number[] {
  assertComplete(bytes, length);
  const end = lineEnd(bytes, length, 0);
  if (end < length - 1) throw malformed('a single line', bytes, length, end + 1);
  const usage = [];
  for (let start = skipBlanks(bytes, end, 0); start < end;) {
    const stop = skipWord(bytes, end, start);
    usage.push(parseUnsigned(bytes, start, stop));
    start = skipBlanks(bytes, end, stop);
  }
  return usage;
}
