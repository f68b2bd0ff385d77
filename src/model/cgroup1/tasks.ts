import { section, single } from '../section.js';
import type { TaskCounts } from '../tasks.js';

/** Threads from the cgroup v1 pids controller (admin-guide/cgroup-v1/pids.rst), which counts threads, not processes. */
export const tasks1 = section(
  {
    current: single('pids', 'pids.current'),
    peak: single('pids', 'pids.peak', 'slow'),
    max: single('pids', 'pids.max', 'slow'),
  },
  ({ current, peak, max }): TaskCounts => ({ threads: current, threadsPeak: peak, threadsMax: max }),
);
