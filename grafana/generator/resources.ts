import type { Select } from './controls.js';
import type { Query } from './panel.js';
import { ofHosts, rate } from './selectors.js';

/** Share of its periods in which a container used up its CPU quota; nothing where it has none. */
export function throttledShare(select: Select): string {
  const throttled = rate(select('container_cpu_cfs_throttled_periods_total'));
  return `${throttled} / (${rate(select('container_cpu_cfs_periods_total'))} > 0)`;
}

/** Working set as a share of the memory limit; nothing where there is none. */
export function memoryShare(select: Select): string {
  return `${select('container_memory_working_set_bytes')} / (${select('container_spec_memory_limit_bytes')} > 0)`;
}

/** Share of the time in which some process waited for a resource, of each resource. */
export function waiting(select: Select, prefix = ''): Query[] {
  return ['cpu', 'memory', 'io'].map(resource => ({
    expr: rate(select(`container_pressure_${resource}_waiting_seconds_total`)),
    legend: prefix + resource,
  }));
}

/** Share of the hosts seen within a day that answer now. */
export function answeringShare(): string {
  const seen = `last_over_time(${ofHosts('confined_build_info')}[1d])`;
  return `avg(${ofHosts('up')} and on (job, instance) ${seen})`;
}
