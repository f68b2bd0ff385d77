import { parseProcessStat, type ProcessStat } from '../../parse/proc-stat.js';
import type { KernelFiles } from '../../read/kernel-file.js';

/** What `stat` in a directory of /proc tells of the process; undefined where it has ended or cannot be read. */
export function readProcessStat(directory: string, files: KernelFiles): ProcessStat | undefined {
  const length = files.readOnce(`${directory}/stat`);
  try {
    return length < 0 ? undefined : parseProcessStat(files.bytes, length);
  } catch {
    return undefined;
  }
}
