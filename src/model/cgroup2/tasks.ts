import { section, single } from '../section.js';
import type { TaskCounts } from '../tasks.js';

/** Threads from cgroup v2 (admin-guide/cgroup-v2.rst, "PID"), which counts threads, not processes. */
export const tasks2 = section(
  {
    current: single('unified', 'pids.current'),
    peak: single('unified', 'pids.peak', 'slow'),
    max: single('unified', 'pids.max', 'slow'),
  },
  ({ current, peak, max }): TaskCounts => ({ threads: current, threadsPeak: peak, threadsMax: max }),
);
