import { decimal, lines } from './scan.js';

/** One block device or partition. */
export interface Partition {
  readonly major: number;
  readonly minor: number;
  /** As below /dev, such as `sda1` or `mapper/root`. */
  readonly name: string;
}

/**
 * The host's block devices (`/proc/partitions`):
 *
 *     major minor  #blocks  name
 *
 *      254        0  264241152 vda
 *
 * Lines of another shape are no devices. Format: block/genhd.c, show_partition.
 *
 * @throws {ParseError} where the last line is cut.
 */
export function parsePartitions(bytes: Uint8Array, length: number): Partition[] {
  return lines(bytes, length).flatMap(line => {
    const [major, minor, , name] = line.trim().split(/\s+/u);
    const numbers = [decimal(major), decimal(minor)] as const;
    if (numbers[0] === undefined || numbers[1] === undefined || name === undefined) return [];
    // The kernel writes a name's slash as an exclamation mark (cciss!c0d0).
    return [{ major: numbers[0], minor: numbers[1], name: name.replaceAll('!', '/') }];
  });
}
