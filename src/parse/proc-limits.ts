import { asciiBytes, assertComplete, lineEnd, malformed, matches, parseUnsigned, skipWord } from './scan.js';

const NAME_COLUMNS = 25;
const HEADING = asciiBytes('Limit ');
const UNLIMITED = asciiBytes('unlimited');

/**
 * The soft limit of /proc/<pid>/limits, which is the one that holds, by the name that the kernel prints; Infinity where it is
 * unlimited, undefined where the kernel has none of that name:
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max cpu time              unlimited            unlimited            seconds
 *     Max open files            20000                20000                files
 *     Max nice priority         0                    0
 *
 * Format: proc_pid_limits(5).
 *
 * @throws {ParseError} where the heading or the final newline is missing, or a limit behind the name.
 */
export function parseSoftLimit(bytes: Uint8Array, length: number, name: string): number | undefined {
  if (!matches(bytes, length, 0, HEADING)) throw malformed('the heading of limits', bytes, length, 0);
  assertComplete(bytes, length);
  const wanted = asciiBytes(`${name.padEnd(NAME_COLUMNS)} `);
  for (let position = 0; position < length; position = lineEnd(bytes, length, position) + 1) {
    if (!matches(bytes, length, position, wanted)) continue;
    const start = position + wanted.length;
    const end = skipWord(bytes, lineEnd(bytes, length, start), start);
    const unlimited = end - start === UNLIMITED.length && matches(bytes, end, start, UNLIMITED);
    return unlimited ? Infinity : parseUnsigned(bytes, start, end);
  }
  return undefined;
}
