import type { CadvisorGroup } from './metric.js';
import { gauge } from './metric.js';

export const LIFE_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Identity and life',
    onByDefault: true,
    metrics: [
      gauge('container_last_seen', [], {
        better:
          'When the kernel last answered for the container; cAdvisor writes the time of the scrape whether or not it read anything.',
      }),
      gauge('container_creation_time_seconds', [], 'same'),
      gauge('container_start_time_seconds', [], {
        better:
          'Always the start time that Docker tells, the same after a restart of the exporter; cAdvisor falls back to the creation time.',
      }),
      gauge('container_health_state', [], 'same'),
      gauge('container_scrape_error', [], {
        notOffered:
          'One value for everything cannot say what failed: use `confined_collector_success` and `confined_read_errors_total`.',
      }),
      gauge(
        'cadvisor_version_info',
        ['kernelVersion', 'osVersion', 'dockerVersion', 'cadvisorVersion', 'cadvisorRevision'],
        {
          notOffered: 'It is about cAdvisor itself: use `confined_build_info` and `confined_host_info`.',
        },
      ),
    ],
  },
  {
    title: 'Limits',
    onByDefault: true,
    metrics: [
      gauge('container_spec_cpu_period', [], 'same'),
      gauge('container_spec_cpu_quota', [], 'same'),
      gauge('container_spec_cpu_shares', [], 'same'),
      gauge('container_spec_memory_limit_bytes', [], 'same'),
      gauge('container_spec_memory_swap_limit_bytes', [], {
        better:
          'Memory and swap together on both cgroup versions, as `docker run --memory-swap` counts; cAdvisor leaves memory out on cgroup v2.',
      }),
      gauge('container_spec_memory_reservation_limit_bytes', [], {
        better:
          'Read from `memory.low` on cgroup v2, where Docker writes `--memory-reservation`; cAdvisor reads `memory.min`, which Docker does not set.',
      }),
    ],
  },
];
