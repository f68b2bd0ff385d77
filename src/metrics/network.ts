import type { NetworkDevice } from '../parse/net-dev.js';
import { labelled, metrics } from './metric.js';
import type { LabelledRow } from './metric.js';

/** Each network namespace counts once, at the container that owns it; the host's own counts for the root cgroup. */
export const NETWORK_METRICS = metrics('network', [
  interfaceCounter('container_network_receive_bytes_total', 'Bytes received', 'receiveBytes'),
  interfaceCounter('container_network_receive_packets_total', 'Packets received', 'receivePackets'),
  interfaceCounter(
    'container_network_receive_packets_dropped_total',
    'Packets dropped instead of received',
    'receiveDropped',
  ),
  interfaceCounter(
    'container_network_receive_errors_total',
    'Errors while packets were received',
    'receiveErrors',
  ),
  interfaceCounter('container_network_transmit_bytes_total', 'Bytes sent', 'transmitBytes'),
  interfaceCounter('container_network_transmit_packets_total', 'Packets sent', 'transmitPackets'),
  interfaceCounter(
    'container_network_transmit_packets_dropped_total',
    'Packets dropped instead of sent',
    'transmitDropped',
  ),
  interfaceCounter(
    'container_network_transmit_errors_total',
    'Errors while packets were sent',
    'transmitErrors',
  ),
]);

function interfaceCounter(
  name: string,
  what: string,
  field: Exclude<keyof NetworkDevice, 'interface'>,
): LabelledRow {
  return labelled({
    name,
    type: 'counter',
    help: `${what} on the interface since its network namespace was made.`,
    source: '/proc/<pid>/net/dev of the first process',
    labels: ['interface'],
    series: ({ network }, emit) => {
      for (const device of network?.interfaces ?? []) emit(device[field], device.interface);
    },
  });
}
