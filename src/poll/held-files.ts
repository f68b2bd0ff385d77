import { parseSoftLimit } from '../parse/proc-limits.js';
import { KernelFiles } from '../read/kernel-file.js';

/**
 * Left for connections, of which there are 512 at each listen address, the Docker API, and files that are open for a
 * moment. Of a limit below twice that, half is left.
 */
const LEFT_FREE = 2048;

/**
 * How many kernel files may be held open: as many as are wanted, but with enough left of what this process may have open
 * at all (`/proc/self/limits`, proc_pid_limits(5)) that it can always accept a scrape.
 */
export function heldFilesBudget(wanted: number): number {
  const files = new KernelFiles(0);
  const length = files.readOnce('/proc/self/limits');
  if (length < 0) return wanted;
  const openFiles = parseSoftLimit(files.bytes, length, 'Max open files') ?? Infinity;
  return Math.min(wanted, Math.max(Math.floor(openFiles / 2), openFiles - LEFT_FREE));
}
