import { parseProcessStat } from '../../parse/proc-stat.js';
import type { KernelFiles } from '../../read/kernel-file.js';

/** Whether `/proc/<pid>/stat` is that of a thread of the kernel's own, which no process can pretend to be. */
export function isKernelThread(path: string, files: KernelFiles): boolean {
  const length = files.readOnce(path);
  try {
    return length >= 0 && parseProcessStat(files.bytes, length).kernelThread;
  } catch {
    return false;
  }
}
