import { decimal, malformed, text } from './scan.js';

/** What /proc/<pid>/stat tells of a process or thread. */
export interface ProcessStat {
  readonly pid: number;
  /** What the process calls itself, at most 15 bytes. */
  readonly name: string;
  /** One letter: R, S, D, T, t, Z, X, I, … */
  readonly state: string;
  readonly ppid: number;
  /** Whether it is a thread of the kernel's own, which has no program. */
  readonly kernelThread: boolean;
  readonly threads: number;
  /** When it started, in clock ticks since boot: with the pid it identifies the process for good. */
  readonly startTimeTicks: number;
}

const EXPECTED = 'a pid, a name in parentheses, a state and numbers';
/** include/linux/sched.h */
const PF_KTHREAD = 0x0020_0000;

/**
 * /proc/<pid>/stat and /proc/<pid>/task/<tid>/stat:
 *
 *     6332 (bash) S 6331 6332 4020 0 -1 4194368 221 427 0 0 0 0 0 0 20 0 1 0 105694 4595712 458 …
 *
 * The process chooses the name in parentheses, which may hold spaces, newlines and parentheses; what
 * follows the last closing one is the kernel's.
 * Format: proc_pid_stat(5).
 *
 * @throws {ParseError} where a field is missing or not of its kind.
 */
export function parseProcessStat(bytes: Uint8Array, length: number): ProcessStat {
  const content = text(bytes, 0, length);
  const nameStart = content.indexOf(' (');
  const nameEnd = content.lastIndexOf(') ');
  const pid = decimal(content.slice(0, Math.max(0, nameStart)));
  const name = content.slice(nameStart + 2, nameEnd);
  const fields = content.slice(nameEnd + 2).split(' ');
  // Numbered as in the manual page; the first one behind the name is the third.
  const field = (number: number): string | undefined => fields[number - 3];
  const state = field(3);
  const ppid = decimal(field(4));
  const flags = decimal(field(9));
  const threads = decimal(field(20));
  const startTimeTicks = decimal(field(22));
  // Without a field behind it, the start time may have been cut.
  const complete = nameStart < nameEnd && field(23) !== undefined;
  if (!complete || state === undefined || !/^[A-Za-z]$/u.test(state))
    throw malformed(EXPECTED, bytes, length, 0);
  if (
    pid === undefined ||
    ppid === undefined ||
    flags === undefined ||
    threads === undefined ||
    startTimeTicks === undefined
  ) {
    throw malformed(EXPECTED, bytes, length, 0);
  }
  return { pid, name, state, ppid, kernelThread: (flags & PF_KTHREAD) !== 0, threads, startTimeTicks };
}
