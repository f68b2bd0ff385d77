import { flatKeyed } from '../../parse/flat-keyed.js';
import { peakBytes, workingSetBytes } from '../memory.js';
import { at } from '../number.js';
import type { MemorySample } from '../sample.js';
import { keyed, section, single } from '../section.js';

const STAT = flatKeyed([
  'pgfault',
  'pgmajfault',
  'total_cache',
  'total_rss',
  'total_swap',
  'total_mapped_file',
  'total_dirty',
  'total_writeback',
  'total_pgfault',
  'total_pgmajfault',
  'total_active_file',
  'total_inactive_file',
  'total_workingset_refault_file',
  'total_workingset_refault_anon',
]);
const OOM = flatKeyed(['oom_kill']);

/** The page counter's maximum, which the memory controller prints where there is no limit (include/linux/page_counter.h). */
const NO_LIMIT_BYTES = 2 ** 62;

/** Memory from the cgroup v1 memory controller (admin-guide/cgroup-v1/memory.rst), cgroups below included. */
export const memory1 = section(
  {
    usage: single('memory', 'memory.usage_in_bytes'),
    maxUsage: single('memory', 'memory.max_usage_in_bytes', 'slow'),
    kernel: single('memory', 'memory.kmem.usage_in_bytes'),
    stat: keyed('memory', 'memory.stat', STAT),
    oom: keyed('memory', 'memory.oom_control', OOM),
    limit: single('memory', 'memory.limit_in_bytes'),
    failures: {
      ...single('memory', 'memory.failcnt'),
      standsStill: ({ limit }) => typeof limit === 'number' && limit >= NO_LIMIT_BYTES,
    },
    swapLimit: single('memory', 'memory.memsw.limit_in_bytes', 'slow'),
    reservation: single('memory', 'memory.soft_limit_in_bytes', 'slow'),
  },
  ({ usage, maxUsage, kernel, failures, stat, oom, limit, swapLimit, reservation }): MemorySample => ({
    usageBytes: usage,
    workingSetBytes: workingSetBytes(usage, at(stat, STAT.slots.total_inactive_file)),
    rssBytes: at(stat, STAT.slots.total_rss),
    cacheBytes: at(stat, STAT.slots.total_cache),
    swapBytes: at(stat, STAT.slots.total_swap),
    mappedFileBytes: at(stat, STAT.slots.total_mapped_file),
    kernelBytes: kernel,
    maxUsageBytes: peakBytes(maxUsage, usage),
    activeFileBytes: at(stat, STAT.slots.total_active_file),
    inactiveFileBytes: at(stat, STAT.slots.total_inactive_file),
    fileDirtyBytes: at(stat, STAT.slots.total_dirty),
    fileWritebackBytes: at(stat, STAT.slots.total_writeback),
    limitHits: failures,
    pageFaults: at(stat, STAT.slots.pgfault),
    majorPageFaults: at(stat, STAT.slots.pgmajfault),
    hierarchyPageFaults: at(stat, STAT.slots.total_pgfault),
    hierarchyMajorPageFaults: at(stat, STAT.slots.total_pgmajfault),
    highEvents: undefined,
    maxEvents: undefined,
    oomKills: at(oom, OOM.slots.oom_kill),
    pagesScanned: undefined,
    pagesReclaimed: undefined,
    fileRefaults: at(stat, STAT.slots.total_workingset_refault_file),
    anonymousRefaults: at(stat, STAT.slots.total_workingset_refault_anon),
    limitBytes: limitBytes(limit),
    swapLimitBytes: limitBytes(swapLimit),
    reservationBytes: limitBytes(reservation),
  }),
);

function limitBytes(value: number | undefined): number | undefined {
  return value !== undefined && value >= NO_LIMIT_BYTES ? Infinity : value;
}
