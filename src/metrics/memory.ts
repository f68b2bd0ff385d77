import { labelled, metrics } from './metric.js';

export const MEMORY_METRICS = metrics('memory', [
  {
    name: 'container_memory_usage_bytes',
    type: 'gauge',
    help: 'Memory charged to the container, page cache included, in bytes.',
    source: 'v1 memory.usage_in_bytes; v2 memory.current',
    value: sample => sample.memory?.usageBytes,
  },
  {
    name: 'container_memory_working_set_bytes',
    type: 'gauge',
    help: 'Memory charged to the container without inactive page cache, in bytes: what docker stats shows.',
    source:
      'v1 memory.usage_in_bytes - memory.stat total_inactive_file; v2 memory.current - memory.stat inactive_file',
    value: sample => sample.memory?.workingSetBytes,
  },
  {
    name: 'container_memory_rss',
    type: 'gauge',
    help: 'Anonymous memory, in bytes.',
    source: 'memory.stat: v1 total_rss; v2 anon',
    value: sample => sample.memory?.rssBytes,
  },
  {
    name: 'container_memory_cache',
    type: 'gauge',
    help: 'Page cache, in bytes.',
    source: 'memory.stat: v1 total_cache; v2 file',
    value: sample => sample.memory?.cacheBytes,
  },
  {
    name: 'container_memory_swap',
    type: 'gauge',
    help: 'Swap in use, in bytes.',
    source: 'v1 memory.stat total_swap; v2 memory.swap.current',
    value: sample => sample.memory?.swapBytes,
  },
  {
    name: 'container_memory_mapped_file',
    type: 'gauge',
    help: 'Page cache that is mapped into processes, in bytes.',
    source: 'memory.stat: v1 total_mapped_file; v2 file_mapped',
    value: sample => sample.memory?.mappedFileBytes,
  },
  {
    name: 'container_memory_kernel_usage',
    type: 'gauge',
    help: 'Kernel memory charged to the container, in bytes.',
    source: 'v1 memory.kmem.usage_in_bytes; v2 memory.stat kernel',
    value: sample => sample.memory?.kernelBytes,
  },
  {
    name: 'container_memory_max_usage_bytes',
    type: 'gauge',
    help: 'Highest memory usage since the cgroup was made, in bytes.',
    source: 'v1 memory.max_usage_in_bytes; v2 memory.peak',
    value: sample => sample.memory?.maxUsageBytes,
  },
  {
    name: 'container_memory_total_active_file_bytes',
    type: 'gauge',
    help: 'Page cache in active use, in bytes.',
    source: 'memory.stat: v1 total_active_file; v2 active_file',
    value: sample => sample.memory?.activeFileBytes,
  },
  {
    name: 'container_memory_total_inactive_file_bytes',
    type: 'gauge',
    help: 'Page cache that would be dropped first, in bytes.',
    source: 'memory.stat: v1 total_inactive_file; v2 inactive_file',
    value: sample => sample.memory?.inactiveFileBytes,
  },
  {
    name: 'container_memory_file_dirty_bytes',
    type: 'gauge',
    help: 'Page cache that waits to be written, in bytes.',
    source: 'memory.stat: v1 total_dirty; v2 file_dirty',
    value: sample => sample.memory?.fileDirtyBytes,
  },
  {
    name: 'container_memory_file_writeback_bytes',
    type: 'gauge',
    help: 'Page cache that is being written, in bytes.',
    source: 'memory.stat: v1 total_writeback; v2 file_writeback',
    value: sample => sample.memory?.fileWritebackBytes,
  },
  {
    name: 'container_memory_failcnt',
    type: 'counter',
    help: 'How often memory usage met the limit.',
    source: 'v1 memory.failcnt; v2 memory.events max',
    value: sample => sample.memory?.limitHits,
  },
  labelled({
    name: 'container_memory_failures_total',
    type: 'counter',
    help: 'Page faults: pgfault all of them, pgmajfault those that had to read from a disk.',
    source: 'memory.stat pgfault and pgmajfault; scope hierarchy is v1 total_pgfault and total_pgmajfault',
    labels: ['failure_type', 'scope'],
    series: ({ memory }, emit) => {
      if (memory === undefined) return;
      emit(memory.pageFaults, 'pgfault', 'container');
      emit(memory.hierarchyPageFaults, 'pgfault', 'hierarchy');
      emit(memory.majorPageFaults, 'pgmajfault', 'container');
      emit(memory.hierarchyMajorPageFaults, 'pgmajfault', 'hierarchy');
    },
  }),
  {
    name: 'container_memory_events_high_total',
    type: 'counter',
    help: 'How often processes were throttled because usage was above memory.high.',
    source: 'v2 memory.events high',
    value: sample => sample.memory?.highEvents,
  },
  {
    name: 'container_memory_events_max_total',
    type: 'counter',
    help: 'How often usage was about to go over memory.max.',
    source: 'v2 memory.events max',
    value: sample => sample.memory?.maxEvents,
  },
  {
    name: 'container_oom_events_total',
    type: 'counter',
    help: 'Processes of the container that were killed for want of memory.',
    source: 'v1 memory.oom_control oom_kill; v2 memory.events oom_kill',
    value: sample => sample.memory?.oomKills,
  },
  {
    name: 'container_memory_pgscan_total',
    type: 'counter',
    help: 'Pages that were looked at to be reclaimed.',
    source: 'v2 memory.stat pgscan',
    value: sample => sample.memory?.pagesScanned,
  },
  {
    name: 'container_memory_pgsteal_total',
    type: 'counter',
    help: 'Pages that were reclaimed.',
    source: 'v2 memory.stat pgsteal',
    value: sample => sample.memory?.pagesReclaimed,
  },
  {
    name: 'container_memory_workingset_refault_file_total',
    type: 'counter',
    help: 'Page cache that had to be read again soon after it was dropped, in pages.',
    source: 'memory.stat: v1 total_workingset_refault_file; v2 workingset_refault_file',
    value: sample => sample.memory?.fileRefaults,
  },
  {
    name: 'container_memory_workingset_refault_anon_total',
    type: 'counter',
    help: 'Anonymous pages that had to be read back from swap soon after.',
    source: 'memory.stat: v1 total_workingset_refault_anon; v2 workingset_refault_anon',
    value: sample => sample.memory?.anonymousRefaults,
  },
  {
    name: 'container_spec_memory_limit_bytes',
    type: 'gauge',
    help: 'Memory that the container may use, in bytes; 0 without a limit.',
    source: 'v1 memory.limit_in_bytes; v2 memory.max',
    value: ({ memory }) => zeroWithout(memory?.limitBytes),
  },
  {
    name: 'container_spec_memory_swap_limit_bytes',
    type: 'gauge',
    help: 'Memory and swap together that the container may use, in bytes; 0 without a limit.',
    source: 'v1 memory.memsw.limit_in_bytes; v2 memory.max + memory.swap.max',
    value: ({ memory }) => zeroWithout(memory?.swapLimitBytes),
  },
  {
    name: 'container_spec_memory_reservation_limit_bytes',
    type: 'gauge',
    help: 'Memory that reclaim leaves to the container while it can, in bytes; 0 without a reservation.',
    source: 'v1 memory.soft_limit_in_bytes; v2 memory.low',
    value: ({ memory }) => zeroWithout(memory?.reservationBytes),
  },
]);

/** cAdvisor's names say "no limit" with 0. */
function zeroWithout(limitBytes: number | undefined): number | undefined {
  return limitBytes === Infinity ? 0 : limitBytes;
}
