import {
  NEWLINE,
  SPACE,
  asciiBytes,
  assertComplete,
  lineEnd,
  malformed,
  matches,
  parseUnsigned,
} from './scan.js';

/** Stall time since the cgroup was made, by what stalled; undefined where the kernel does not tell. */
export interface Pressure {
  /** At least one task waited. */
  someTotalMicroseconds: number | undefined;
  /** All tasks waited at once. */
  fullTotalMicroseconds: number | undefined;
}

const SOME = asciiBytes('some ');
const FULL = asciiBytes('full ');
const TOTAL = asciiBytes('total=');

/**
 * `cpu.pressure`, `memory.pressure` and `io.pressure`, of a cgroup or in /proc/pressure:
 *
 *     some avg10=0.07 avg60=0.51 avg300=0.51 total=10261665
 *     full avg10=0.00 avg60=0.00 avg300=0.00 total=0
 *
 * Kernels before 5.13 have no `full` line for the CPU. Lines of other kinds are skipped.
 * Format: Documentation/accounting/psi.rst.
 *
 * @throws {ParseError} where a line has no total; both fields are undefined then.
 */
export function parsePressure(bytes: Uint8Array, length: number, into: Pressure): void {
  into.someTotalMicroseconds = undefined;
  into.fullTotalMicroseconds = undefined;
  assertComplete(bytes, length);
  let some: number | undefined;
  let full: number | undefined;
  for (let position = 0; position < length; position = lineEnd(bytes, length, position) + 1) {
    if (matches(bytes, length, position, SOME)) some = total(bytes, length, position);
    else if (matches(bytes, length, position, FULL)) full = total(bytes, length, position);
  }
  into.someTotalMicroseconds = some;
  into.fullTotalMicroseconds = full;
}

/** The value of the field `total` of the line that starts at `start`. */
function total(bytes: Uint8Array, length: number, start: number): number {
  let position = start;
  while (position < length && bytes[position] !== NEWLINE) {
    if (bytes[position++] === SPACE && matches(bytes, length, position, TOTAL)) {
      return parseUnsigned(bytes, position + TOTAL.length, fieldEnd(bytes, length, position));
    }
  }
  throw malformed('total=', bytes, position, start);
}

function fieldEnd(bytes: Uint8Array, length: number, start: number): number {
  let end = start;
  while (end < length && bytes[end] !== SPACE && bytes[end] !== NEWLINE) end++;
  return end;
}
