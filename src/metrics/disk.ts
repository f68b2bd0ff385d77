import type { DiskSample } from '../model/sample.js';
import { labelled, metrics } from './metric.js';
import type { LabelledRow } from './metric.js';

const SIZE = 'Docker API, GET /containers/{id}/json?size=true, SizeRw';
const FILE_SYSTEM = "statfs(2) of Docker's root directory";

/** The container's writable layer and the file system that holds it; off unless asked for, since the runtime walks the layer's files. */
export const DISK_METRICS = metrics('disk', [
  diskGauge('container_fs_usage_bytes', 'Bytes in the writable layer of the container.', 'usageBytes'),
  diskGauge(
    'container_fs_limit_bytes',
    'Size of the file system that holds the writable layer, in bytes.',
    'limitBytes',
  ),
  diskGauge(
    'container_fs_inodes_free',
    'Free inodes of the file system that holds the writable layer.',
    'inodesFree',
  ),
  diskGauge(
    'container_fs_inodes_total',
    'Inodes of the file system that holds the writable layer.',
    'inodesTotal',
  ),
]);

function diskGauge(name: string, help: string, field: Exclude<keyof DiskSample, 'device'>): LabelledRow {
  return labelled({
    name,
    type: 'gauge',
    help,
    source: field === 'usageBytes' ? SIZE : FILE_SYSTEM,
    labels: ['device'],
    series: ({ disk }, emit) => {
      if (disk !== undefined) emit(disk[field], disk.device);
    },
  });
}
