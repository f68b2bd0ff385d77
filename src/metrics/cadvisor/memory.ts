import type { CadvisorGroup, Correspondence } from './metric.js';
import { counter, gauge } from './metric.js';

const ABSENT_ON_V1: Correspondence = {
  better: 'Absent where cgroup v1 does not count it; cAdvisor says 0 there.',
};
const REFAULTS: Correspondence = {
  better: 'Includes the cgroups below on both cgroup versions; cAdvisor leaves them out on cgroup v1.',
};
const ALSO_ON_V1: Correspondence = { better: 'On both cgroup versions; cAdvisor says 0 on cgroup v1.' };
const HUGE_PAGES: Correspondence = {
  notOffered:
    'Few containers use explicit huge pages: use node_exporter (`node_memory_HugePages_*`) for the host.',
};
const RESOURCE_CONTROL: Correspondence = {
  notOffered:
    'It needs hardware support and makes a monitoring group per container, which is a change to the host; confined only reads. Nothing replaces it.',
};

export const MEMORY_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Memory',
    option: 'memory',
    onByDefault: true,
    metrics: [
      gauge('container_memory_usage_bytes', [], 'same'),
      gauge('container_memory_working_set_bytes', [], 'same'),
      gauge('container_memory_rss', [], 'same'),
      gauge('container_memory_cache', [], 'same'),
      gauge('container_memory_swap', [], 'same'),
      gauge('container_memory_mapped_file', [], 'same'),
      gauge('container_memory_kernel_usage', [], {
        better: "From `memory.stat` on cgroup v2; cAdvisor's library leaves it 0 there.",
      }),
      gauge('container_memory_max_usage_bytes', [], {
        better: 'Absent before Linux 5.19 on cgroup v2, which has no such file; cAdvisor says 0 there.',
      }),
      gauge('container_memory_total_active_file_bytes', [], 'same'),
      gauge('container_memory_total_inactive_file_bytes', [], 'same'),
      gauge('container_memory_file_dirty_bytes', [], ALSO_ON_V1),
      gauge('container_memory_file_writeback_bytes', [], ALSO_ON_V1),
      counter('container_memory_failcnt', [], {
        better: "From `memory.events` on cgroup v2; cAdvisor's library leaves it 0 there.",
      }),
      counter('container_memory_failures_total', ['failure_type', 'scope'], {
        better:
          'On cgroup v1 `scope="hierarchy"` includes the cgroups below; cAdvisor repeats the container\'s own count.',
      }),
      counter('container_memory_events_high_total', [], ABSENT_ON_V1),
      counter('container_memory_events_max_total', [], ABSENT_ON_V1),
      counter('container_memory_pgscan_total', [], ABSENT_ON_V1),
      counter('container_memory_pgsteal_total', [], ABSENT_ON_V1),
      counter('container_memory_workingset_refault_file_total', [], REFAULTS),
      counter('container_memory_workingset_refault_anon_total', [], REFAULTS),
    ],
  },
  {
    title: 'Out of memory',
    option: 'oom_event',
    onByDefault: true,
    metrics: [
      counter('container_oom_events_total', [], {
        better:
          "The cgroup's own `oom_kill` counter, so nothing is missed and `/dev/kmsg` is not needed; cAdvisor counts lines of the kernel log since its own start.",
      }),
    ],
  },
  {
    title: 'Memory by NUMA node',
    option: 'memory_numa',
    onByDefault: false,
    metrics: [
      gauge('container_memory_numa_pages', ['type', 'scope', 'node'], {
        notOffered:
          'Six series for each node and container: use node_exporter (`--collector.meminfo_numa`) for the host.',
      }),
    ],
  },
  {
    title: 'CPU set',
    option: 'cpuset',
    onByDefault: false,
    metrics: [
      gauge('container_memory_migrate', [], {
        notOffered: 'A setting of cgroup v1 that measures nothing; cgroup v2 has no such setting.',
      }),
    ],
  },
  {
    title: 'Huge pages',
    option: 'hugetlb',
    onByDefault: false,
    metrics: [
      gauge('container_hugetlb_usage_bytes', ['pagesize'], HUGE_PAGES),
      gauge('container_hugetlb_max_usage_bytes', ['pagesize'], HUGE_PAGES),
      counter('container_hugetlb_failcnt', ['pagesize'], HUGE_PAGES),
    ],
  },
  {
    title: 'Referenced memory',
    option: 'referenced_memory',
    onByDefault: false,
    metrics: [
      gauge('container_referenced_bytes', [], {
        notOffered:
          'It writes to `clear_refs` of every process, which disturbs page reclaim; confined only reads. Use `container_memory_working_set_bytes`.',
      }),
    ],
  },
  {
    title: 'Resource control (Intel RDT)',
    option: 'resctrl',
    onByDefault: false,
    metrics: [
      gauge('container_memory_bandwidth_bytes', ['node_id'], RESOURCE_CONTROL),
      gauge('container_memory_bandwidth_local_bytes', ['node_id'], RESOURCE_CONTROL),
      gauge('container_llc_occupancy_bytes', ['node_id'], RESOURCE_CONTROL),
    ],
  },
];
