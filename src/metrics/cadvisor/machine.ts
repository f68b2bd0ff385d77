import type { CadvisorGroup, Correspondence } from './metric.js';
import { gauge } from './metric.js';

const ABOUT_THE_HOST: Correspondence = {
  notOffered: 'It is about the host, which node_exporter describes.',
};
const WITHOUT_IDENTITY: Correspondence = {
  better:
    'Without the labels `machine_id`, `system_uuid` and `boot_id`: the target already has `instance`, and `boot_id` made new series at each boot.',
};

export const MACHINE_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Machine',
    onByDefault: true,
    metrics: [
      gauge('machine_cpu_cores', [], WITHOUT_IDENTITY),
      gauge('machine_memory_bytes', [], WITHOUT_IDENTITY),
      gauge('machine_cpu_physical_cores', [], ABOUT_THE_HOST),
      gauge('machine_cpu_sockets', [], ABOUT_THE_HOST),
      gauge('machine_cpu_books', [], ABOUT_THE_HOST),
      gauge('machine_cpu_drawers', [], ABOUT_THE_HOST),
      gauge('machine_swap_bytes', [], {
        notOffered: 'It is about the host: use node_exporter (`node_memory_SwapTotal_bytes`).',
      }),
      gauge('machine_dimm_count', ['type'], ABOUT_THE_HOST),
      gauge('machine_dimm_capacity_bytes', ['type'], ABOUT_THE_HOST),
      gauge('machine_nvm_capacity', ['mode'], ABOUT_THE_HOST),
      gauge('machine_nvm_avg_power_budget_watts', [], ABOUT_THE_HOST),
      gauge('machine_scrape_error', [], {
        notOffered: 'Use `confined_collector_success`.',
      }),
    ],
  },
  {
    title: 'Machine topology',
    option: 'cpu_topology',
    onByDefault: false,
    metrics: [
      gauge('machine_cpu_cache_capacity_bytes', ['node_id', 'core_id', 'type', 'level'], ABOUT_THE_HOST),
      gauge('machine_thread_siblings_count', ['node_id', 'core_id', 'thread_id'], ABOUT_THE_HOST),
      gauge('machine_node_memory_capacity_bytes', ['node_id'], ABOUT_THE_HOST),
      gauge('machine_node_hugepages_count', ['node_id', 'page_size'], ABOUT_THE_HOST),
      gauge('machine_node_distance', ['node_id', 'target_node_id'], ABOUT_THE_HOST),
    ],
  },
];
