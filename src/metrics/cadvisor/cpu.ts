import type { CadvisorGroup } from './metric.js';
import { counter, gauge } from './metric.js';

const SCHEDSTAT =
  'It takes one more read for each process at every poll: use `container_pressure_cpu_waiting_seconds_total` for time spent waiting for a CPU.';
const LOAD =
  'cAdvisor needs `--enable_load_reader`, root and a netlink socket for it and says 0 otherwise: use `container_pressure_cpu_waiting_seconds_total` or `container_tasks_state`.';
const PRESSURE = {
  better:
    'Also from the cgroup v2 tree of hybrid hosts, and absent where the kernel does not account pressure; cAdvisor says 0 there.',
};

export const CPU_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'CPU',
    option: 'cpu',
    onByDefault: true,
    metrics: [
      counter('container_cpu_usage_seconds_total', ['cpu'], {
        better:
          'One series, `cpu="total"`, on both cgroup versions unless `--collector.percpu` asks for one per CPU; cAdvisor has one per CPU on cgroup v1 and `total` on v2.',
      }),
      counter('container_cpu_user_seconds_total', [], 'same'),
      counter('container_cpu_system_seconds_total', [], 'same'),
      counter('container_cpu_cfs_periods_total', [], 'same'),
      counter('container_cpu_cfs_throttled_periods_total', [], 'same'),
      counter('container_cpu_cfs_throttled_seconds_total', [], 'same'),
      counter('container_cpu_cfs_burst_periods_total', [], 'same'),
      counter('container_cpu_cfs_burst_seconds_total', [], 'same'),
    ],
  },
  {
    title: 'Pressure',
    option: 'pressure',
    onByDefault: true,
    metrics: [
      counter('container_pressure_cpu_waiting_seconds_total', [], PRESSURE),
      counter('container_pressure_cpu_stalled_seconds_total', [], PRESSURE),
      counter('container_pressure_memory_waiting_seconds_total', [], PRESSURE),
      counter('container_pressure_memory_stalled_seconds_total', [], PRESSURE),
      counter('container_pressure_io_waiting_seconds_total', [], PRESSURE),
      counter('container_pressure_io_stalled_seconds_total', [], PRESSURE),
    ],
  },
  {
    title: 'CPU load and task states',
    option: 'cpuLoad',
    onByDefault: true,
    metrics: [
      gauge('container_tasks_state', ['state'], {
        better:
          "Counted from each thread's own state, which does not tell `iowaiting`; cAdvisor says 0 for every state unless it runs with `--enable_load_reader`.",
      }),
      gauge('container_cpu_load_average_10s', [], { notOffered: LOAD }),
      gauge('container_cpu_load_d_average_10s', [], { notOffered: LOAD }),
    ],
  },
  {
    title: 'Scheduler statistics',
    option: 'sched',
    onByDefault: false,
    metrics: [
      counter('container_cpu_schedstat_run_seconds_total', [], { notOffered: SCHEDSTAT }),
      counter('container_cpu_schedstat_runqueue_seconds_total', [], { notOffered: SCHEDSTAT }),
      counter('container_cpu_schedstat_run_periods_total', [], { notOffered: SCHEDSTAT }),
    ],
  },
];
