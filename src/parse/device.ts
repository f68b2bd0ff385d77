import { COLON, malformed, parseUnsigned } from './scan.js';

/** A block device's number. */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** The `major:minor` that fills `bytes` from `start` to `end`. Throws a ParseError where it is anything else. */
export function parseDevice(bytes: Uint8Array, start: number, end: number): DeviceNumber {
  let colon = start;
  while (colon < end && bytes[colon] !== COLON) colon++;
  if (colon === end) throw malformed('major:minor', bytes, end, start);
  return { major: parseUnsigned(bytes, start, colon), minor: parseUnsigned(bytes, colon + 1, end) };
}
