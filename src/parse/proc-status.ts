import { STATUS_FIELDS } from './proc-status-fields.js';
import { NEWLINE, assertComplete, byteAt, lineEnd, matches } from './scan.js';
import { createTextMemory, forgetText } from './text-memory.js';
import type { TextMemory } from './text-memory.js';

/** A process's user or group ids, as the reader's user namespace sees them. */
export interface ProcessIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly filesystem: number;
}

/** A process's capability sets: bit n is the capability of number n in linux/capability.h. */
export interface ProcessCapabilities {
  inheritable: bigint | undefined;
  permitted: bigint | undefined;
  effective: bigint | undefined;
  bounding: bigint | undefined;
  ambient: bigint | undefined;
}

/** What /proc/<pid>/status tells of a process. A field that the file does not have is undefined. */
export interface ProcessStatus {
  /** The command name (`comm`), which the process chooses itself: any characters but NUL. */
  name: string | undefined;
  /** One letter: R, S, D, T, t, Z, X, I, … */
  state: string | undefined;
  tgid: number | undefined;
  ppid: number | undefined;
  uid: ProcessIds | undefined;
  gid: ProcessIds | undefined;
  /** Its pid in the reader's pid namespace and in each one nested in it. */
  namespacePids: readonly number[] | undefined;
  threads: number | undefined;
  readonly capabilities: ProcessCapabilities;
  noNewPrivileges: boolean | undefined;
  /** 0 disabled, 1 strict, 2 filter. */
  seccompMode: number | undefined;
  seccompFilters: number | undefined;
  /** What the parser remembers of its last call. */
  readonly memory: ProcessStatusMemory;
}

interface ProcessStatusMemory {
  /** The text that strings and objects were made of. */
  readonly texts: TextMemory;
  /** How many bytes lay between each known line and the one before it in the table of lines. */
  readonly gaps: Int32Array;
}

/** A status of which nothing is known yet. */
export function createProcessStatus(): ProcessStatus {
  return {
    name: undefined,
    state: undefined,
    tgid: undefined,
    ppid: undefined,
    uid: undefined,
    gid: undefined,
    namespacePids: undefined,
    threads: undefined,
    capabilities: {
      inheritable: undefined,
      permitted: undefined,
      effective: undefined,
      bounding: undefined,
      ambient: undefined,
    },
    noNewPrivileges: undefined,
    seccompMode: undefined,
    seccompFilters: undefined,
    memory: {
      texts: createTextMemory(STATUS_FIELDS.length),
      gaps: new Int32Array(STATUS_FIELDS.length),
    },
  };
}

/**
 * Fills `into` from /proc/<pid>/status:
 *
 *     Name:	nginx
 *     State:	S (sleeping)
 *     Uid:	0	0	0	0
 *     NSpid:	4711	1
 *     CapEff:	00000000a80425fb
 *     NoNewPrivs:	0
 *     Seccomp:	2
 *     Seccomp_filters:	1
 *
 * Objects and strings are made anew only where their text differs from that of the last call, and
 * known lines are looked for first where they were then. The kernel prints each line once, in
 * one order, and a newline in the process's name as `\n`, so that no name can fake a line.
 * Format: proc_pid_status(5), fs/proc/array.c.
 *
 * @throws {ParseError} where a known line has no value of its kind, or the last line is cut; every field is undefined then.
 */
export function parseProcessStatus(bytes: Uint8Array, length: number, into: ProcessStatus): void {
  let found = 0;
  try {
    assertComplete(bytes, length);
    found = readLines(bytes, length, into);
  } finally {
    // After an error nothing counts as found.
    if (found !== ALL_FIELDS) clearMissing(into, found);
  }
}

/** Reads the known lines until all were seen; answers which were, a bit for each. */
function readLines(bytes: Uint8Array, length: number, into: ProcessStatus): number {
  const { gaps } = into.memory;
  let found = 0;
  let next = 0;
  let afterKnown = 0;
  let position = 0;
  while (position < length && found !== ALL_FIELDS) {
    const jump = position === afterKnown ? position + (gaps[next] ?? 0) : position;
    const jumped = isFieldAt(bytes, length, jump, next);
    const start = jumped ? jump : position;
    const index = jumped ? next : fieldAt(bytes, length, position);
    const end = lineEnd(bytes, length, start);
    const field = STATUS_FIELDS[index];
    if (field !== undefined && (found & (1 << index)) === 0) {
      field.read(into, bytes, start + field.key.length, end, index);
      found |= 1 << index;
      if (index === next) gaps[index] = start - afterKnown;
      next = index + 1;
      afterKnown = end + 1;
    }
    position = end + 1;
  }
  return found;
}

/** Whether a line that starts at `position` is that of the field of this index. */
function isFieldAt(bytes: Uint8Array, length: number, position: number, index: number): boolean {
  const field = STATUS_FIELDS[index];
  if (field === undefined || (position > 0 && bytes[position - 1] !== NEWLINE)) return false;
  return matches(bytes, length, position, field.key);
}

/** The index of the field whose line starts at `position`, or -1. */
function fieldAt(bytes: Uint8Array, length: number, position: number): number {
  const candidates = FIELDS_BY_FIRST_BYTE[byteAt(bytes, position)];
  if (candidates === undefined) return -1;
  for (const { index, key } of candidates) if (matches(bytes, length, position, key)) return index;
  return -1;
}

function clearMissing(into: ProcessStatus, found: number): void {
  for (const [index, field] of STATUS_FIELDS.entries()) {
    if ((found & (1 << index)) !== 0) continue;
    field.clear(into);
    forgetText(into.memory.texts, index);
  }
}

const ALL_FIELDS = 2 ** STATUS_FIELDS.length - 1;

const FIELDS_BY_FIRST_BYTE = Array.from({ length: 256 }, (_, byte) => {
  const fields = STATUS_FIELDS.map(({ key }, index) => ({ index, key })).filter(({ key }) => key[0] === byte);
  return fields.length === 0 ? undefined : fields;
});
