import type { CadvisorGroup, Correspondence } from './metric.js';
import { counter, gauge } from './metric.js';

const WITH_CGROUPS_BELOW: Correspondence = {
  better:
    'Processes in the cgroups below count too, as in a container that runs systemd or Docker; cAdvisor looks at one cgroup only.',
};
const PERFORMANCE_COUNTERS: Correspondence = {
  notOffered:
    'It needs a cAdvisor built with libpfm, a list of events and a privileged container: use `perf` or an eBPF exporter.',
};

export const PROCESS_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Processes',
    option: 'process',
    onByDefault: false,
    metrics: [
      gauge('container_processes', [], WITH_CGROUPS_BELOW),
      gauge('container_threads', [], 'same'),
      gauge('container_threads_max', [], 'same'),
      gauge('container_file_descriptors', [], WITH_CGROUPS_BELOW),
      gauge('container_sockets', [], WITH_CGROUPS_BELOW),
      gauge('container_ulimits_soft', ['ulimit'], {
        better: 'Every limit of the first process; cAdvisor has `max_open_files` alone.',
      }),
    ],
  },
  {
    title: 'Performance counters',
    option: 'perf_event',
    onByDefault: false,
    metrics: [
      counter('container_perf_events_total', ['cpu', 'event'], PERFORMANCE_COUNTERS),
      gauge('container_perf_events_scaling_ratio', ['cpu', 'event'], PERFORMANCE_COUNTERS),
      counter('container_perf_uncore_events_total', ['socket', 'event', 'pmu'], PERFORMANCE_COUNTERS),
      gauge('container_perf_uncore_events_scaling_ratio', ['socket', 'event', 'pmu'], PERFORMANCE_COUNTERS),
    ],
  },
];
