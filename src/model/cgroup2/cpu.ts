import { parseCpuMax } from '../../parse/cpu-max.js';
import { flatKeyed } from '../../parse/flat-keyed.js';
import { at, divided, MICROSECONDS } from '../number.js';
import type { CpuSample } from '../sample.js';
import { keyed, section, single } from '../section.js';

const STAT = flatKeyed([
  'usage_usec',
  'user_usec',
  'system_usec',
  'nr_periods',
  'nr_throttled',
  'throttled_usec',
  'nr_bursts',
  'burst_usec',
]);

/** CPU time and limits from cgroup v2 (admin-guide/cgroup-v2.rst, "CPU"). */
export const cpu2 = section(
  {
    stat: keyed('unified', 'cpu.stat', STAT),
    max: { directory: 'unified', file: 'cpu.max', tier: 'slow', parse: parseCpuMax },
    weight: single('unified', 'cpu.weight', 'slow'),
  },
  ({ stat, max, weight }): CpuSample => ({
    usageSeconds: divided(at(stat, STAT.slots.usage_usec), MICROSECONDS),
    userSeconds: divided(at(stat, STAT.slots.user_usec), MICROSECONDS),
    systemSeconds: divided(at(stat, STAT.slots.system_usec), MICROSECONDS),
    perCpuUsageSeconds: undefined,
    periods: at(stat, STAT.slots.nr_periods),
    throttledPeriods: at(stat, STAT.slots.nr_throttled),
    throttledSeconds: divided(at(stat, STAT.slots.throttled_usec), MICROSECONDS),
    burstPeriods: at(stat, STAT.slots.nr_bursts),
    burstSeconds: divided(at(stat, STAT.slots.burst_usec), MICROSECONDS),
    quotaMicroseconds: max?.quotaMicroseconds,
    periodMicroseconds: max?.periodMicroseconds,
    shares: weight === undefined ? undefined : sharesOfWeight(weight),
  }),
);

/** The inverse of how runc maps `--cpu-shares` (2 to 262144) to `cpu.weight` (1 to 10000), as cAdvisor computes it. */
function sharesOfWeight(weight: number): number {
  return 2 + Math.floor(((weight - 1) * 262142) / 9999);
}
