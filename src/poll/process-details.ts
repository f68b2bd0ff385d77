import type { ProcessDetails, SoftLimit, TaskStates } from '../model/sample.js';
import { EXPORTED_LIMITS, taskStatesOf } from '../model/process/details.js';
import { parseSoftLimit } from '../parse/proc-limits.js';
import { parseProcessStat } from '../parse/proc-stat.js';
import { listNames, listNamesUpTo, readLink } from '../read/files.js';
import type { KernelFiles } from '../read/kernel-file.js';
import { readProcessStat } from './confinement/process-stat.js';

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
      const names = listNamesUpTo(directory, MAXIMUM_DESCRIPTORS - fileDescriptors);
      if (names === undefined) return { fileDescriptors: undefined, sockets: undefined };
      fileDescriptors += names.length;
      for (const name of names) if (readLink(`${directory}/${name}`).startsWith('socket:')) sockets += 1;
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
    for (const pid of pids) {
      const directory = `${procfs}/${pid}`;
      const stat = readProcessStat(directory, files);
      if (stat === undefined || states.length + stat.threads > MAXIMUM_TASKS) return undefined;
      // The only thread's state is that of the process.
      if (stat.threads > 1) states.push(...threadStates(`${directory}/task`, files));
      else states.push(stat.state);
    }
    return taskStatesOf(states);
  } catch {
    return undefined;
  }
}

/** Of the threads that there are by the time that their turn comes. */
function threadStates(directory: string, files: KernelFiles): readonly string[] {
  return listNames(directory).flatMap(name => {
    const length = files.readOnce(`${directory}/${name}/stat`);
    return length < 0 ? [] : parseProcessStat(files.bytes, length).state;
  });
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
    if (length < 0) return undefined;
    return EXPORTED_LIMITS.flatMap(({ kernelName, name }) => {
      const value = parseSoftLimit(files.bytes, length, kernelName);
      return value === undefined ? [] : [{ name, value }];
    });
  } catch {
    return undefined;
  }
}
