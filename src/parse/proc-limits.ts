import { asciiBytes, decimal, lineEnd, malformed, mapLines, matches } from './scan.js';

/** One resource limit of a process. */
export interface ProcessLimit {
  /** As the kernel prints it: `Max open files`. */
  readonly name: string;
  /** What holds now; Infinity where it is unlimited. */
  readonly soft: number;
  /** Up to where the process may raise it; Infinity where it is unlimited. */
  readonly hard: number;
  /** As the kernel prints it: `bytes`, `files`, `us`; empty where the limit has none. */
  readonly unit: string;
}

const HEADING = asciiBytes('Limit ');

/**
 * /proc/<pid>/limits:
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max cpu time              unlimited            unlimited            seconds
 *     Max open files            20000                20000                files
 *     Max nice priority         0                    0
 *
 * Format: proc_pid_limits(5).
 *
 * @throws {ParseError} where the heading is missing, or a line has no name or not two limits.
 */
export function parseProcessLimits(bytes: Uint8Array, length: number): ProcessLimit[] {
  if (!matches(bytes, length, 0, HEADING)) throw malformed('the heading of limits', bytes, length, 0);
  const start = lineEnd(bytes, length, 0) + 1;
  return mapLines(bytes, length, 'a name, two limits and a unit', parseLine, start);
}

function parseLine(line: string): ProcessLimit | undefined {
  const words = line.split(' ').filter(Boolean);
  const nameWords = words.findIndex(word => limit(word) !== undefined);
  if (nameWords < 1) return undefined;
  const soft = limit(words[nameWords]);
  const hard = limit(words[nameWords + 1]);
  if (soft === undefined || hard === undefined) return undefined;
  return {
    name: words.slice(0, nameWords).join(' '),
    soft,
    hard,
    unit: words.slice(nameWords + 2).join(' '),
  };
}

function limit(word: string | undefined): number | undefined {
  return word === 'unlimited' ? Infinity : decimal(word);
}
