import { decimal, mapLines } from './scan.js';

/** A range of user or group ids of a user namespace, and the ids that the reader sees in their place. */
export interface IdMapping {
  readonly firstInside: number;
  readonly firstOutside: number;
  readonly count: number;
}

/**
 * /proc/<pid>/uid_map and gid_map, at most 340 lines:
 *
 *              0     100000      65536
 *
 * A namespace without a map yet has an empty file.
 * Format: user_namespaces(7).
 *
 * @throws {ParseError} where a line is not three unsigned integers, or the last line is cut.
 */
export function parseIdMap(bytes: Uint8Array, length: number): IdMapping[] {
  return mapLines(bytes, length, 'three numbers', line => {
    const words = line.split(' ').filter(Boolean);
    const [firstInside, firstOutside, count] = words.map(decimal);
    if (firstInside === undefined || firstOutside === undefined || count === undefined) return undefined;
    return words.length === 3 ? { firstInside, firstOutside, count } : undefined;
  });
}
