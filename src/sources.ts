import { blkio1 } from './model/cgroup1/blkio.js';
import { cpu1, perCpu1 } from './model/cgroup1/cpu.js';
import { memory1 } from './model/cgroup1/memory.js';
import { tasks1 } from './model/cgroup1/tasks.js';
import { blkio2 } from './model/cgroup2/blkio.js';
import { cpu2 } from './model/cgroup2/cpu.js';
import { memory2 } from './model/cgroup2/memory.js';
import { pressure2 } from './model/cgroup2/pressure.js';
import { tasks2 } from './model/cgroup2/tasks.js';
import { network } from './model/process/network.js';

/**
 * Every part of a sample, and the section that reads it on each cgroup version. A host may have a controller in a
 * cgroup v1 hierarchy or in the v2 one, and hybrid hosts have some of both: the choice is made per part.
 */
export const CGROUP_SECTIONS = {
  cpu: { controller: 'cpuacct', version1: cpu1, version2: cpu2 },
  memory: { controller: 'memory', version1: memory1, version2: memory2 },
  blkio: { controller: 'blkio', version1: blkio1, version2: blkio2 },
  tasks: { controller: 'pids', version1: tasks1, version2: tasks2 },
} as const;

/** Read where the host has the cgroup v2 tree, whichever version its controllers have. */
export const PRESSURE_SECTION = pressure2;
/** Only cgroup v1 tells it. */
export const PER_CPU_SECTION = perCpu1;

/** Read from `/proc/<pid>` of the container's first process. */
export const PROCESS_SECTIONS = { network } as const;
