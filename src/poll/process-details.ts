import type { ProcessDetails, SoftLimit, TaskStates } from '../model/sample.js';
import { softLimitsOf, taskStatesOf } from '../model/process/details.js';
import { parseProcessLimits } from '../parse/proc-limits.js';
import { parseProcessStat } from '../parse/proc-stat.js';
import { listDirectory, readLink } from '../read/files.js';
import type { KernelFiles } from '../read/kernel-file.js';

/** These keep one container's pass below a few milliseconds; past them the sum is absent rather than too small. */
const MAXIMUM_DESCRIPTORS = 1_000;
const MAXIMUM_TASKS = 500;

/**
 * Sums over a container's processes that cost a system call per descriptor or thread, so they belong in the slow tier.
 * What this process may not see of any of them makes that sum absent.
 */
export function readProcessDetails(
  procfs: string,
  firstPid: number | undefined,
  pids: readonly number[],
  files: KernelFiles,
): ProcessDetails {
  return {
    ...countDescriptors(procfs, pids),
    taskStates: readTaskStates(procfs, pids, files),
    softLimits: readSoftLimits(procfs, firstPid ?? pids[0], files),
  };
}

/** Counts open descriptors and, among them, sockets (`/proc/<pid>/fd`, proc_pid_fd(5)). */
function countDescriptors(
  procfs: string,
  pids: readonly number[],
): Pick<ProcessDetails, 'fileDescriptors' | 'sockets'> {
  let fileDescriptors = 0;
  let sockets = 0;
  try {
    for (const pid of pids) {
      const directory = `${procfs}/${pid}/fd`;
      const names = listDirectory(directory, MAXIMUM_DESCRIPTORS - fileDescriptors + 1);
      fileDescriptors += names.length;
      if (fileDescriptors > MAXIMUM_DESCRIPTORS) return { fileDescriptors: undefined, sockets: undefined };
      for (const { name } of names) if (readLink(`${directory}/${name}`).startsWith('socket:')) sockets += 1;
    }
    return { fileDescriptors, sockets };
  } catch {
    // Forbidden, or a process ended while it was read: no sum rather than a wrong one.
    return { fileDescriptors: undefined, sockets: undefined };
  }
}

/** The state of every thread (`/proc/<pid>/task/<tid>/stat`, proc_pid_stat(5)). */
function readTaskStates(procfs: string, pids: readonly number[], files: KernelFiles): TaskStates | undefined {
  const states: string[] = [];
  try {
    for (const pid of pids)
      for (const { name } of listDirectory(`${procfs}/${pid}/task`, MAXIMUM_TASKS - states.length + 1)) {
        const length = files.readOnce(`${procfs}/${pid}/task/${name}/stat`);
        if (length >= 0) states.push(parseProcessStat(files.bytes, length).state);
        if (states.length > MAXIMUM_TASKS) return undefined;
      }
    return taskStatesOf(states);
  } catch {
    return undefined;
  }
}

/** The resource limits of the first process (`/proc/<pid>/limits`, proc_pid_limits(5)). */
function readSoftLimits(
  procfs: string,
  pid: number | undefined,
  files: KernelFiles,
): readonly SoftLimit[] | undefined {
  if (pid === undefined) return undefined;
  const length = files.readOnce(`${procfs}/${pid}/limits`);
  try {
    return length < 0 ? undefined : softLimitsOf(parseProcessLimits(files.bytes, length));
  } catch {
    return undefined;
  }
}
