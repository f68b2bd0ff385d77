import {
  COLON,
  ascii,
  asciiBytes,
  assertComplete,
  lineEnd,
  malformed,
  matches,
  parseUnsigned,
  skipBlanks,
  skipWord,
  text,
} from './scan.js';

/** The counters of one network interface since it was made. */
export interface NetworkDevice {
  /** A name with a backslash, a control character or invalid UTF-8 has all but printable ASCII escaped: `\\`, `\xff`. */
  readonly interface: string;
  readonly receiveBytes: number;
  readonly receivePackets: number;
  readonly receiveErrors: number;
  readonly receiveDropped: number;
  readonly transmitBytes: number;
  readonly transmitPackets: number;
  readonly transmitErrors: number;
  readonly transmitDropped: number;
}

/** The sixteen columns up to the last one that is wanted. */
const COLUMNS = 12;

/**
 * The interfaces of a process's network namespace, /proc/<pid>/net/dev:
 *
 *     Inter-|   Receive                                                |  Transmit
 *      face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
 *         lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
 *
 * Who owns the namespace chooses the names: up to 15 bytes without slash, colon and white space.
 * Format: proc_pid_net(5), net/core/net-procfs.c.
 *
 * @throws {ParseError} where the heading is missing, a line is not a name and unsigned integers, or the last line is cut.
 */
export function parseNetDev(bytes: Uint8Array, length: number): NetworkDevice[] {
  assertComplete(bytes, length);
  const devices: NetworkDevice[] = [];
  const counters = new Float64Array(COLUMNS);
  for (let position = skipHeading(bytes, length); position < length;) {
    const end = lineEnd(bytes, length, position);
    devices.push(parseLine(bytes, position, end, counters));
    position = end + 1;
  }
  return devices;
}

const HEADING = asciiBytes('Inter-|');
const HEADING_BELOW = asciiBytes(' face |');

/** Where the line behind the two of the heading starts. */
function skipHeading(bytes: Uint8Array, length: number): number {
  const below = lineEnd(bytes, length, 0) + 1;
  if (!matches(bytes, length, 0, HEADING) || !matches(bytes, length, below, HEADING_BELOW)) {
    throw malformed('the heading of net/dev', bytes, length, 0);
  }
  return lineEnd(bytes, length, below) + 1;
}

function parseLine(bytes: Uint8Array, start: number, end: number, counters: Float64Array): NetworkDevice {
  const nameStart = skipBlanks(bytes, end, start);
  let colon = nameStart;
  while (colon < end && bytes[colon] !== COLON) colon++;
  if (colon === nameStart) throw malformed('an interface name', bytes, end, start);
  readCounters(bytes, colon + 1, end, counters);
  const column = (index: number): number => counters[index] ?? NaN;
  return {
    interface: interfaceName(bytes, nameStart, colon),
    receiveBytes: column(0),
    receivePackets: column(1),
    receiveErrors: column(2),
    receiveDropped: column(3),
    transmitBytes: column(8),
    transmitPackets: column(9),
    transmitErrors: column(10),
    transmitDropped: column(11),
  };
}

function readCounters(bytes: Uint8Array, start: number, end: number, counters: Float64Array): void {
  let position = start;
  for (let index = 0; index < COLUMNS; index++) {
    const wordStart = skipBlanks(bytes, end, position);
    position = skipWord(bytes, end, wordStart);
    counters[index] = parseUnsigned(bytes, wordStart, position);
  }
}

function interfaceName(bytes: Uint8Array, start: number, end: number): string {
  const characters = ascii(bytes, start, end);
  if (/^[!-[\]-~]+$/u.test(characters)) return characters;
  const name = text(bytes, start, end);
  return /[\\\p{Cc}\uFFFD]/u.test(name) ? escapedName(characters) : name;
}

/** Never the same for two different names: a scrape with two equal series would be rejected as a whole. */
function escapedName(characters: string): string {
  return characters.replaceAll(/[^ -~]|\\/gu, character =>
    character === '\\' ? '\\\\' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
