import type { CadvisorGroup, Correspondence } from './metric.js';
import { counter, gauge } from './metric.js';

const COUNTED_ONCE: Correspondence = {
  better:
    "A network namespace that several containers share is counted once, at its owner, and a container on the host's network has no series; cAdvisor repeats the host's counters for it.",
};
const SOCKET_TABLES: Correspondence = {
  notOffered:
    'Reading it costs time that grows with the number of sockets: use `container_sockets` for their number.',
};
const TCP_COUNTERS: Correspondence = {
  notOffered:
    'About a hundred counters in one metric, as a label value each and typed as a gauge: use node_exporter (`--collector.netstat`) in the network namespace that you look at.',
};

export const NETWORK_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Network',
    option: 'network',
    onByDefault: true,
    metrics: [
      counter('container_network_receive_bytes_total', ['interface'], COUNTED_ONCE),
      counter('container_network_receive_packets_total', ['interface'], COUNTED_ONCE),
      counter('container_network_receive_packets_dropped_total', ['interface'], COUNTED_ONCE),
      counter('container_network_receive_errors_total', ['interface'], COUNTED_ONCE),
      counter('container_network_transmit_bytes_total', ['interface'], COUNTED_ONCE),
      counter('container_network_transmit_packets_total', ['interface'], COUNTED_ONCE),
      counter('container_network_transmit_packets_dropped_total', ['interface'], COUNTED_ONCE),
      counter('container_network_transmit_errors_total', ['interface'], COUNTED_ONCE),
    ],
  },
  {
    title: 'TCP connections',
    option: 'tcp',
    onByDefault: false,
    metrics: [
      gauge('container_network_tcp_usage_total', ['tcp_state'], SOCKET_TABLES),
      gauge('container_network_tcp6_usage_total', ['tcp_state'], SOCKET_TABLES),
    ],
  },
  {
    title: 'TCP statistics',
    option: 'advtcp',
    onByDefault: false,
    metrics: [gauge('container_network_advance_tcp_stats_total', ['tcp_state'], TCP_COUNTERS)],
  },
  {
    title: 'UDP sockets',
    option: 'udp',
    onByDefault: false,
    metrics: [
      gauge('container_network_udp_usage_total', ['udp_state'], SOCKET_TABLES),
      gauge('container_network_udp6_usage_total', ['udp_state'], SOCKET_TABLES),
    ],
  },
];
