import type { ProcessIds, ProcessStatus } from './proc-status.js';
import {
  asciiBytes,
  byteAt,
  malformed,
  parseHexadecimal,
  parseUnsigned,
  skipBlanks,
  skipWord,
  text,
} from './scan.js';
import { sameText } from './text-memory.js';

/** Takes the value from the bytes behind the key; `entry` is the field's own in the status's text memory. */
type Read = (into: ProcessStatus, bytes: Uint8Array, start: number, end: number, entry: number) => void;
type Clear = (into: ProcessStatus) => void;

/** One line of /proc/<pid>/status: how it starts, and where its value goes. */
export interface StatusField {
  /** With the colon and the tab that end it. */
  readonly key: Uint8Array;
  readonly read: Read;
  /** Makes the value undefined. */
  readonly clear: Clear;
}

/** The known lines, in the order of the file. */
export const STATUS_FIELDS: readonly StatusField[] = [
  field(
    'Name',
    (into, bytes, start, end, entry) => {
      if (!sameText(into.memory.texts, entry, bytes, start, end)) into.name = parseName(bytes, start, end);
    },
    into => (into.name = undefined),
  ),
  field(
    'State',
    (into, bytes, start, end) => (into.state = parseLetter(bytes, start, end)),
    into => (into.state = undefined),
  ),
  field(
    'Tgid',
    (into, bytes, start, end) => (into.tgid = parseUnsigned(bytes, start, end)),
    into => (into.tgid = undefined),
  ),
  field(
    'PPid',
    (into, bytes, start, end) => (into.ppid = parseUnsigned(bytes, start, end)),
    into => (into.ppid = undefined),
  ),
  field(
    'Uid',
    (into, bytes, start, end, entry) => {
      if (!sameText(into.memory.texts, entry, bytes, start, end)) into.uid = parseIds(bytes, start, end);
    },
    into => (into.uid = undefined),
  ),
  field(
    'Gid',
    (into, bytes, start, end, entry) => {
      if (!sameText(into.memory.texts, entry, bytes, start, end)) into.gid = parseIds(bytes, start, end);
    },
    into => (into.gid = undefined),
  ),
  field(
    'NSpid',
    (into, bytes, start, end, entry) => {
      if (!sameText(into.memory.texts, entry, bytes, start, end))
        into.namespacePids = parseNumbers(bytes, start, end);
    },
    into => (into.namespacePids = undefined),
  ),
  field(
    'Threads',
    (into, bytes, start, end) => (into.threads = parseUnsigned(bytes, start, end)),
    into => (into.threads = undefined),
  ),
  capabilityField('CapInh', 'inheritable'),
  capabilityField('CapPrm', 'permitted'),
  capabilityField('CapEff', 'effective'),
  capabilityField('CapBnd', 'bounding'),
  capabilityField('CapAmb', 'ambient'),
  field(
    'NoNewPrivs',
    (into, bytes, start, end) => (into.noNewPrivileges = parseFlag(bytes, start, end)),
    into => (into.noNewPrivileges = undefined),
  ),
  field(
    'Seccomp',
    (into, bytes, start, end) => (into.seccompMode = parseUnsigned(bytes, start, end)),
    into => (into.seccompMode = undefined),
  ),
  field(
    'Seccomp_filters',
    (into, bytes, start, end) => (into.seccompFilters = parseUnsigned(bytes, start, end)),
    into => (into.seccompFilters = undefined),
  ),
];

function field(key: string, read: Read, clear: Clear): StatusField {
  return { key: asciiBytes(`${key}:\t`), read, clear };
}

function capabilityField(key: string, set: keyof ProcessStatus['capabilities']): StatusField {
  return field(
    key,
    (into, bytes, start, end, entry) => {
      if (sameText(into.memory.texts, entry, bytes, start, end)) return;
      into.capabilities[set] = parseHexadecimal(bytes, start, end);
    },
    into => (into.capabilities[set] = undefined),
  );
}

/** The kernel writes a newline as `\n` and a backslash as `\\`. */
function parseName(bytes: Uint8Array, start: number, end: number): string {
  return text(bytes, start, end).replaceAll(/\\([\\n])/gu, (_, escaped) => (escaped === 'n' ? '\n' : '\\'));
}

function parseLetter(bytes: Uint8Array, start: number, end: number): string {
  const letter = end > start ? String.fromCharCode(byteAt(bytes, start)) : '';
  if (!/^[A-Za-z]$/u.test(letter)) throw malformed('a letter', bytes, end, start);
  return letter;
}

function parseFlag(bytes: Uint8Array, start: number, end: number): boolean {
  const value = parseUnsigned(bytes, start, end);
  if (value > 1) throw malformed('0 or 1', bytes, end, start);
  return value === 1;
}

function parseIds(bytes: Uint8Array, start: number, end: number): ProcessIds {
  const [real, effective, saved, filesystem] = parseNumbers(bytes, start, end);
  if (real === undefined || effective === undefined || saved === undefined || filesystem === undefined) {
    throw malformed('four ids', bytes, end, start);
  }
  return { real, effective, saved, filesystem };
}

function parseNumbers(bytes: Uint8Array, start: number, end: number): number[] {
  const numbers: number[] = [];
  for (let position = skipBlanks(bytes, end, start); position < end;) {
    const wordEnd = skipWord(bytes, end, position);
    numbers.push(parseUnsigned(bytes, position, wordEnd));
    position = skipBlanks(bytes, end, wordEnd);
  }
  return numbers;
}
