import { flatKeyed } from '../../parse/flat-keyed.js';
import { parsePerCpuUsage } from '../../parse/per-cpu-usage.js';
import { at, divided, NANOSECONDS } from '../number.js';
import type { CpuSample } from '../sample.js';
import { keyed, section, single } from '../section.js';

const STAT = flatKeyed(['nr_periods', 'nr_throttled', 'throttled_time', 'nr_bursts', 'burst_time']);
const NO_QUOTA = -1;

/** CPU time and limits from the cgroup v1 controllers cpuacct and cpu (admin-guide/cgroup-v1/cpuacct.rst, scheduler/sched-bwc.rst). */
export const cpu1 = section(
  {
    usage: single('cpuacct', 'cpuacct.usage'),
    user: single('cpuacct', 'cpuacct.usage_user'),
    system: single('cpuacct', 'cpuacct.usage_sys'),
    quota: single('cpu', 'cpu.cfs_quota_us', 'slow'),
    stat: { ...keyed('cpu', 'cpu.stat', STAT), standsStill: ({ quota }) => quota === NO_QUOTA },
    period: single('cpu', 'cpu.cfs_period_us', 'slow'),
    shares: single('cpu', 'cpu.shares', 'slow'),
  },
  ({ usage, user, system, stat, quota, period, shares }): CpuSample => ({
    usageSeconds: divided(usage, NANOSECONDS),
    userSeconds: divided(user, NANOSECONDS),
    systemSeconds: divided(system, NANOSECONDS),
    perCpuUsageSeconds: undefined,
    periods: at(stat, STAT.slots.nr_periods),
    throttledPeriods: at(stat, STAT.slots.nr_throttled),
    throttledSeconds: divided(at(stat, STAT.slots.throttled_time), NANOSECONDS),
    burstPeriods: at(stat, STAT.slots.nr_bursts),
    burstSeconds: divided(at(stat, STAT.slots.burst_time), NANOSECONDS),
    quotaMicroseconds: quota === NO_QUOTA ? Infinity : quota,
    periodMicroseconds: period,
    shares,
  }),
);

/** CPU time by CPU, which only cgroup v1 tells (`cpuacct.usage_percpu`, nanoseconds in the order of the CPUs). */
export const perCpu1 = section(
  { usage: { directory: 'cpuacct', file: 'cpuacct.usage_percpu', tier: 'poll', parse: parsePerCpuUsage } },
  ({ usage }) => usage?.map(nanoseconds => nanoseconds / NANOSECONDS),
);
