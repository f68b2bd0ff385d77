import { CPU_GROUPS } from './cadvisor/cpu.js';
import { DISK_GROUPS } from './cadvisor/disk.js';
import { LIFE_GROUPS } from './cadvisor/life.js';
import { MACHINE_GROUPS } from './cadvisor/machine.js';
import { MEMORY_GROUPS } from './cadvisor/memory.js';
import type { CadvisorGroup, CadvisorMetric } from './cadvisor/metric.js';
import { NETWORK_GROUPS } from './cadvisor/network.js';
import { PROCESS_GROUPS } from './cadvisor/processes.js';

export type { CadvisorGroup, CadvisorMetric, Correspondence } from './cadvisor/metric.js';

/**
 * Everything that cAdvisor's Prometheus endpoint can export (`lib/metrics/prometheus.go` and `prometheus_machine.go`
 * of google/cadvisor, July 2026), in the order of the page. Application metrics, whose names cAdvisor takes from
 * the application, are not in the list.
 */
export const CADVISOR_GROUPS: readonly CadvisorGroup[] = [
  ...LIFE_GROUPS,
  ...CPU_GROUPS,
  ...MEMORY_GROUPS,
  ...DISK_GROUPS,
  ...NETWORK_GROUPS,
  ...PROCESS_GROUPS,
  ...MACHINE_GROUPS,
];

/** The same, group by group in one list. */
export const CADVISOR_METRICS: readonly CadvisorMetric[] = CADVISOR_GROUPS.flatMap(group => group.metrics);

/** Whether confined exports this name: then type and unit are cAdvisor's too, and so are the labels. */
export function isOffered(metric: CadvisorMetric): boolean {
  return metric.ours === 'same' || 'better' in metric.ours;
}
