import { asciiBytes, assertComplete, digitAt, lineEnd, matches, parseUnsigned } from './scan.js';

/** What /proc/stat tells of the host. */
export interface HostStat {
  /** How many CPUs are online; undefined where the file lists none. */
  readonly onlineCpus: number | undefined;
  /** When the host booted, as seconds since 1970. */
  readonly bootedAtSeconds: number | undefined;
}

const CPU = asciiBytes('cpu');
const BOOT_TIME = asciiBytes('btime ');

/**
 * /proc/stat, with a line for each CPU that is online:
 *
 *     cpu  5244 0 3091 201791 415 0 62 30 0 0
 *     cpu0 2126 0 1203 101922 15 0 11 11 0 0
 *     cpu1 3118 0 1888 99868 399 0 51 19 0 0
 *     btime 1795471307
 *
 * Format: proc_stat(5).
 *
 * @throws {ParseError} where the boot time is no unsigned integer, or the last line is cut.
 */
export function parseHostStat(bytes: Uint8Array, length: number): HostStat {
  assertComplete(bytes, length);
  let cpus = 0;
  let bootedAtSeconds: number | undefined;
  for (let position = 0; position < length;) {
    const end = lineEnd(bytes, length, position);
    if (isCpu(bytes, end, position)) cpus++;
    else if (matches(bytes, end, position, BOOT_TIME)) {
      bootedAtSeconds = parseUnsigned(bytes, position + BOOT_TIME.length, end);
    }
    position = end + 1;
  }
  return { onlineCpus: cpus === 0 ? undefined : cpus, bootedAtSeconds };
}

/** The line `cpu` itself is the sum over all of them. */
function isCpu(bytes: Uint8Array, end: number, position: number): boolean {
  if (!matches(bytes, end, position, CPU)) return false;
  const digit = digitAt(bytes, position + CPU.length);
  return digit >= 0 && digit <= 9;
}
