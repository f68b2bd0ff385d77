import { parseProcessLimits } from '../parse/proc-limits.js';
import { KernelFiles } from '../read/kernel-file.js';

/** The rest is for connections, the Docker API, and files that are open for a moment. */
const SHARE_OF_LIMIT = 0.5;

/**
 * How many kernel files may be held open: as many as are wanted, but no more than half of what this process may have
 * open at all (`/proc/self/limits`, proc_pid_limits(5)), so that it can always accept a scrape.
 */
export function heldFilesBudget(wanted: number): number {
  const files = new KernelFiles(0);
  const length = files.readOnce('/proc/self/limits');
  if (length < 0) return wanted;
  const limits = parseProcessLimits(files.bytes, length);
  const openFiles = limits.find(({ name }) => name === 'Max open files')?.soft ?? Infinity;
  return Math.min(wanted, Math.floor(openFiles * SHARE_OF_LIMIT));
}
