import t from 'tap';
import { MEMORY_METRICS } from '../../src/metrics/memory.js';
import { expose, memory } from './support.js';

t.test('limits, of which 0 is none as in cAdvisor', async t => {
  const limited = expose(MEMORY_METRICS, {
    memory: memory({ limitBytes: 7_999_488, swapLimitBytes: 15_998_976, reservationBytes: 4096 }),
  });
  t.equal(limited.value('container_spec_memory_limit_bytes'), 7_999_488);
  t.equal(limited.value('container_spec_memory_swap_limit_bytes'), 15_998_976);
  t.equal(limited.value('container_spec_memory_reservation_limit_bytes'), 4096);
  const free = expose(MEMORY_METRICS, {
    memory: memory({ limitBytes: Infinity, swapLimitBytes: Infinity, reservationBytes: Infinity }),
  });
  t.equal(free.value('container_spec_memory_limit_bytes'), 0);
  t.equal(free.value('container_spec_memory_swap_limit_bytes'), 0);
  t.equal(free.value('container_spec_memory_reservation_limit_bytes'), 0);
});

t.test('a limit that could not be read is not "no limit"', async t => {
  t.strictSame(expose(MEMORY_METRICS, { memory: memory({}) }).series, []);
  t.strictSame(expose(MEMORY_METRICS, {}).series, []);
});

t.test('page faults by type and scope', async t => {
  const said = expose(MEMORY_METRICS, {
    memory: memory({
      pageFaults: 1,
      hierarchyPageFaults: 2,
      majorPageFaults: 3,
      hierarchyMajorPageFaults: 4,
    }),
  });
  const faults = (failure_type: string, scope: string): number =>
    said.value('container_memory_failures_total', { failure_type, scope });
  t.equal(faults('pgfault', 'container'), 1);
  t.equal(faults('pgfault', 'hierarchy'), 2);
  t.equal(faults('pgmajfault', 'container'), 3);
  t.equal(faults('pgmajfault', 'hierarchy'), 4);
});

t.test('each figure has its own metric', async t => {
  const said = expose(MEMORY_METRICS, {
    memory: memory({
      usageBytes: 1,
      workingSetBytes: 2,
      rssBytes: 3,
      cacheBytes: 4,
      swapBytes: 5,
      mappedFileBytes: 6,
      kernelBytes: 7,
      maxUsageBytes: 8,
      activeFileBytes: 9,
      inactiveFileBytes: 10,
      fileDirtyBytes: 11,
      fileWritebackBytes: 12,
      limitHits: 13,
      highEvents: 14,
      maxEvents: 15,
      oomKills: 16,
      pagesScanned: 17,
      pagesReclaimed: 18,
      fileRefaults: 19,
      anonymousRefaults: 20,
    }),
  });
  const names =
    'usage_bytes working_set_bytes rss cache swap mapped_file kernel_usage max_usage_bytes total_active_file_bytes total_inactive_file_bytes file_dirty_bytes file_writeback_bytes failcnt events_high_total events_max_total';
  for (const [index, name] of names.split(' ').entries())
    t.equal(said.value(`container_memory_${name}`), index + 1, name);
  t.equal(said.value('container_oom_events_total'), 16);
  t.equal(said.value('container_memory_pgscan_total'), 17);
  t.equal(said.value('container_memory_pgsteal_total'), 18);
  t.equal(said.value('container_memory_workingset_refault_file_total'), 19);
  t.equal(said.value('container_memory_workingset_refault_anon_total'), 20);
});
