import type { CpuSample } from '../model/sample.js';
import { labelled, metrics } from './metric.js';

export const CPU_METRICS = metrics('cpu', [
  labelled({
    name: 'container_cpu_usage_seconds_total',
    type: 'counter',
    help: 'CPU time that the container has used, in seconds.',
    source: 'v1 cpuacct.usage; v2 cpu.stat usage_usec',
    labels: ['cpu'],
    series: ({ cpu }, emit) => {
      if (cpu === undefined) return;
      if (cpu.perCpuUsageSeconds === undefined) emit(cpu.usageSeconds, 'total');
      else
        for (const [index, seconds] of cpu.perCpuUsageSeconds.entries())
          emit(seconds, `cpu${String(index).padStart(2, '0')}`);
    },
  }),
  {
    name: 'container_cpu_user_seconds_total',
    type: 'counter',
    help: 'CPU time that the container has used in user mode, in seconds.',
    source: 'v1 cpuacct.usage_user; v2 cpu.stat user_usec',
    value: sample => sample.cpu?.userSeconds,
  },
  {
    name: 'container_cpu_system_seconds_total',
    type: 'counter',
    help: 'CPU time that the container has used in kernel mode, in seconds.',
    source: 'v1 cpuacct.usage_sys; v2 cpu.stat system_usec',
    value: sample => sample.cpu?.systemSeconds,
  },
  {
    name: 'container_cpu_cfs_periods_total',
    type: 'counter',
    help: 'Enforcement periods of the CPU quota in which the container wanted to run; absent without a quota.',
    source: 'cpu.stat nr_periods',
    value: ({ cpu }) => withQuota(cpu, cpu?.periods),
  },
  {
    name: 'container_cpu_cfs_throttled_periods_total',
    type: 'counter',
    help: 'Enforcement periods in which the CPU quota ran out and the container had to wait.',
    source: 'cpu.stat nr_throttled',
    value: ({ cpu }) => withQuota(cpu, cpu?.throttledPeriods),
  },
  {
    name: 'container_cpu_cfs_throttled_seconds_total',
    type: 'counter',
    help: 'How long the CPU quota made the container wait, summed over CPUs, in seconds.',
    source: 'v1 cpu.stat throttled_time; v2 cpu.stat throttled_usec',
    value: ({ cpu }) => withQuota(cpu, cpu?.throttledSeconds),
  },
  {
    name: 'container_cpu_cfs_burst_periods_total',
    type: 'counter',
    help: 'Enforcement periods in which the container used CPU time saved up for bursts.',
    source: 'cpu.stat nr_bursts',
    value: ({ cpu }) => withQuota(cpu, cpu?.burstPeriods),
  },
  {
    name: 'container_cpu_cfs_burst_seconds_total',
    type: 'counter',
    help: 'CPU time above the quota that was used in bursts, in seconds.',
    source: 'v1 cpu.stat burst_time; v2 cpu.stat burst_usec',
    value: ({ cpu }) => withQuota(cpu, cpu?.burstSeconds),
  },
  {
    name: 'container_spec_cpu_period',
    type: 'gauge',
    help: 'Length of an enforcement period of the CPU quota, in microseconds.',
    source: 'v1 cpu.cfs_period_us; v2 cpu.max',
    value: sample => sample.cpu?.periodMicroseconds,
  },
  {
    name: 'container_spec_cpu_quota',
    type: 'gauge',
    help: 'CPU time that the container may use in each enforcement period, in microseconds; absent without a quota.',
    source: 'v1 cpu.cfs_quota_us; v2 cpu.max',
    value: ({ cpu }) => (cpu?.quotaMicroseconds === Infinity ? undefined : cpu?.quotaMicroseconds),
  },
  {
    name: 'container_spec_cpu_shares',
    type: 'gauge',
    help: 'Weight of the container when CPUs are contended, on the scale of --cpu-shares.',
    source: 'v1 cpu.shares; v2 cpu.weight, converted back as runc converted it',
    value: sample => sample.cpu?.shares,
  },
  {
    name: 'container_cpu_limit_cores',
    type: 'gauge',
    help: 'How many CPUs the quota lets the container use; absent without a quota.',
    source: 'v1 cpu.cfs_quota_us / cpu.cfs_period_us; v2 cpu.max',
    value: ({ cpu }) => {
      if (cpu?.quotaMicroseconds === undefined || cpu.periodMicroseconds === undefined) return undefined;
      const cores = cpu.quotaMicroseconds / cpu.periodMicroseconds;
      return Number.isFinite(cores) ? cores : undefined;
    },
  },
]);

/**
 * The kernel counts no enforcement periods without a quota. As in cAdvisor there are no series then, so that the share
 * of throttled periods is not 0 divided by 0.
 */
function withQuota(cpu: CpuSample | undefined, value: number | undefined): number | undefined {
  return cpu?.quotaMicroseconds === Infinity ? undefined : value;
}
