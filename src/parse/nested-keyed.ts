import { parseDevice } from './device.js';
import type { DeviceNumber } from './device.js';
import {
  SPACE,
  asciiBytes,
  digitAt,
  lineEnd,
  malformed,
  matches,
  parseUnsigned,
  skipBlanks,
  skipWord,
} from './scan.js';

/** The counters of one block device. */
export interface NestedKeyedLine {
  readonly device: DeviceNumber;
  /** By key: `rbytes`, `wbytes`, `dbytes` (bytes read, written, discarded) and `rios`, `wios`, `dios` (operations). */
  readonly values: Readonly<Record<string, number | undefined>>;
}

type Values = Record<'rbytes' | 'wbytes' | 'rios' | 'wios' | 'dbytes' | 'dios', number | undefined>;

const KEYS = (['rbytes', 'wbytes', 'rios', 'wios', 'dbytes', 'dios'] as const).map(key => ({
  key,
  prefix: asciiBytes(`${key}=`),
}));
const PARENTHESIS = 0x28;

/**
 * cgroup v2's `io.stat`:
 *
 *     8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0
 *     8:0 rbytes=90112 wbytes=0 rios=22 wios=0 dbytes=0 dios=0
 *
 * Devices without counters are left out: kernels print them without keys, on a line of their own
 * (`7:7 `), before the next device on its line (`7:7 7:6 rbytes=…`), or last without a newline.
 * So are devices that the kernel calls `(unknown)`, and keys of cost models.
 * Format: Documentation/admin-guide/cgroup-v2.rst, "IO Interface Files".
 *
 * @throws {ParseError} where a line does not start with a device, a known key has no unsigned integer, or the last line is cut.
 */
export function parseNestedKeyed(bytes: Uint8Array, length: number): NestedKeyedLine[] {
  const devices: NestedKeyedLine[] = [];
  for (let position = 0; position < length;) {
    const end = lineEnd(bytes, length, position);
    const counted = parseLine(bytes, position, end, devices);
    if (end === length && (counted || bytes[end - 1] !== SPACE)) {
      throw malformed('a final newline', bytes, length, length);
    }
    position = end + 1;
  }
  return devices;
}

/** Adds the devices of a line that have counters; answers whether there were any. */
function parseLine(bytes: Uint8Array, start: number, end: number, devices: NestedKeyedLine[]): boolean {
  if (bytes[start] !== PARENTHESIS && !isDigit(bytes, start))
    throw malformed('major:minor', bytes, end, start);
  let deviceStart = start;
  let values: Values | undefined;
  for (let position = start; position < end;) {
    const wordEnd = skipWord(bytes, end, position);
    if (isDigit(bytes, position) || bytes[position] === PARENTHESIS) {
      deviceStart = position;
      values = undefined;
    } else if (values !== undefined) {
      readCounter(bytes, position, wordEnd, values);
    } else if (bytes[deviceStart] !== PARENTHESIS) {
      values = noValues();
      devices.push({ device: parseDevice(bytes, deviceStart, skipWord(bytes, end, deviceStart)), values });
      readCounter(bytes, position, wordEnd, values);
    }
    position = skipBlanks(bytes, end, wordEnd);
  }
  return values !== undefined;
}

function isDigit(bytes: Uint8Array, position: number): boolean {
  const digit = digitAt(bytes, position);
  return digit >= 0 && digit <= 9;
}

function noValues(): Values {
  return {
    rbytes: undefined,
    wbytes: undefined,
    rios: undefined,
    wios: undefined,
    dbytes: undefined,
    dios: undefined,
  };
}

function readCounter(bytes: Uint8Array, start: number, end: number, values: Values): void {
  for (const { key, prefix } of KEYS) {
    if (!matches(bytes, end, start, prefix)) continue;
    values[key] = parseUnsigned(bytes, start + prefix.length, end);
    return;
  }
}
