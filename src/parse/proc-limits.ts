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

/** One resource limit of a process; Infinity where it is unlimited. */
export interface ProcessLimit {
  /** What holds now. */
  readonly soft: number;
  /** Up to where the process may raise it. */
  readonly hard: number;
}

const NAME_COLUMNS = 25;
const HEADING = asciiBytes('Limit ');
const UNLIMITED = asciiBytes('unlimited');

/**
 * One limit of /proc/<pid>/limits, by the name that the kernel prints; undefined where the kernel has none of that name:
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max cpu time              unlimited            unlimited            seconds
 *     Max open files            20000                20000                files
 *     Max nice priority         0                    0
 *
 * Format: proc_pid_limits(5).
 *
 * @throws {ParseError} where the heading or the final newline is missing, or two limits behind the name.
 */
export function parseProcessLimit(bytes: Uint8Array, length: number, name: string): ProcessLimit | undefined {
  if (!matches(bytes, length, 0, HEADING)) throw malformed('the heading of limits', bytes, length, 0);
  assertComplete(bytes, length);
  const wanted = asciiBytes(`${name.padEnd(NAME_COLUMNS)} `);
  for (let position = 0; position < length; position = lineEnd(bytes, length, position) + 1) {
    if (!matches(bytes, length, position, wanted)) continue;
    const end = lineEnd(bytes, length, position);
    const soft = skipBlanks(bytes, end, position + wanted.length);
    const softEnd = skipWord(bytes, end, soft);
    const hard = skipBlanks(bytes, end, softEnd);
    return { soft: limit(bytes, soft, softEnd), hard: limit(bytes, hard, skipWord(bytes, end, hard)) };
  }
  return undefined;
}

function limit(bytes: Uint8Array, start: number, end: number): number {
  const unlimited = end - start === UNLIMITED.length && matches(bytes, end, start, UNLIMITED);
  return unlimited ? Infinity : parseUnsigned(bytes, start, end);
}
