import type { BlkioDevice } from '../model/sample.js';
import { labelled, metrics } from './metric.js';
import type { LabelledRow } from './metric.js';

const SOURCES = {
  bytes: 'v1 blkio.throttle.io_service_bytes_recursive; v2 io.stat rbytes, wbytes',
  operations: 'v1 blkio.throttle.io_serviced_recursive; v2 io.stat rios, wios',
};

export const BLKIO_METRICS = metrics('blkio', [
  deviceCounter('container_fs_reads_bytes_total', 'Bytes read from the device.', 'bytes', 'Read'),
  deviceCounter('container_fs_writes_bytes_total', 'Bytes written to the device.', 'bytes', 'Write'),
  deviceCounter('container_fs_reads_total', 'Reads that the device completed.', 'operations', 'Read'),
  deviceCounter('container_fs_writes_total', 'Writes that the device completed.', 'operations', 'Write'),
  labelled({
    name: 'container_blkio_device_usage_total',
    type: 'counter',
    help: 'Bytes moved between the container and the device, by operation.',
    source: 'v1 blkio.throttle.io_service_bytes_recursive; v2 io.stat rbytes, wbytes, dbytes',
    labels: ['device', 'major', 'minor', 'operation'],
    series: ({ blkio }, emit) => {
      for (const { device, major, minor, bytes } of blkio?.devices ?? [])
        for (const { operation, count } of bytes)
          emit(count, device, String(major), String(minor), operation);
    },
  }),
]);

function deviceCounter(
  name: string,
  help: string,
  kind: 'bytes' | 'operations',
  operation: 'Read' | 'Write',
): LabelledRow {
  return labelled({
    name,
    type: 'counter',
    help,
    source: SOURCES[kind],
    labels: ['device'],
    series: ({ blkio }, emit) => {
      for (const device of blkio?.devices ?? []) emit(countOf(device, kind, operation), device.device);
    },
  });
}

function countOf(device: BlkioDevice, kind: 'bytes' | 'operations', operation: string): number | undefined {
  return device[kind].find(count => count.operation === operation)?.count;
}
