import { flatKeyed } from '../../parse/flat-keyed.js';
import { peakBytes, workingSetBytes } from '../memory.js';
import { at, sum } from '../number.js';
import type { MemorySample } from '../sample.js';
import { keyed, section, single } from '../section.js';

const STAT = flatKeyed([
  'anon',
  'file',
  'kernel',
  'file_mapped',
  'file_dirty',
  'file_writeback',
  'inactive_file',
  'active_file',
  'workingset_refault_anon',
  'workingset_refault_file',
  'pgscan',
  'pgsteal',
  'pgfault',
  'pgmajfault',
]);
const EVENTS = flatKeyed(['high', 'max', 'oom_kill']);

/** Memory from cgroup v2 (admin-guide/cgroup-v2.rst, "Memory"), cgroups below included. */
export const memory2 = section(
  {
    current: single('unified', 'memory.current'),
    peak: single('unified', 'memory.peak', 'slow'),
    swap: single('unified', 'memory.swap.current'),
    stat: keyed('unified', 'memory.stat', STAT),
    events: keyed('unified', 'memory.events', EVENTS),
    max: single('unified', 'memory.max'),
    swapMax: single('unified', 'memory.swap.max'),
    low: single('unified', 'memory.low', 'slow'),
  },
  ({ current, peak, swap, stat, events, max, swapMax, low }): MemorySample => {
    const pageFaults = at(stat, STAT.slots.pgfault);
    const majorPageFaults = at(stat, STAT.slots.pgmajfault);
    const maxEvents = at(events, EVENTS.slots.max);
    return {
      usageBytes: current,
      workingSetBytes: workingSetBytes(current, at(stat, STAT.slots.inactive_file)),
      rssBytes: at(stat, STAT.slots.anon),
      cacheBytes: at(stat, STAT.slots.file),
      swapBytes: swap,
      mappedFileBytes: at(stat, STAT.slots.file_mapped),
      kernelBytes: at(stat, STAT.slots.kernel),
      maxUsageBytes: peakBytes(peak, current),
      activeFileBytes: at(stat, STAT.slots.active_file),
      inactiveFileBytes: at(stat, STAT.slots.inactive_file),
      fileDirtyBytes: at(stat, STAT.slots.file_dirty),
      fileWritebackBytes: at(stat, STAT.slots.file_writeback),
      limitHits: maxEvents,
      pageFaults,
      majorPageFaults,
      // cgroup v2 only counts with the cgroups below: both scopes have the same value, as in cAdvisor.
      hierarchyPageFaults: pageFaults,
      hierarchyMajorPageFaults: majorPageFaults,
      highEvents: at(events, EVENTS.slots.high),
      maxEvents,
      oomKills: at(events, EVENTS.slots.oom_kill),
      pagesScanned: at(stat, STAT.slots.pgscan),
      pagesReclaimed: at(stat, STAT.slots.pgsteal),
      fileRefaults: at(stat, STAT.slots.workingset_refault_file),
      anonymousRefaults: at(stat, STAT.slots.workingset_refault_anon),
      limitBytes: max,
      // cgroup v2 limits swap alone; the metric has v1's meaning, memory and swap together.
      swapLimitBytes: sum(max, swapMax),
      // What `docker run --memory-reservation` sets.
      reservationBytes: low,
    };
  },
);
