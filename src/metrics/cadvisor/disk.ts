import type { CadvisorGroup, Correspondence } from './metric.js';
import { counter, gauge } from './metric.js';

const OWN_OPERATIONS: Correspondence = {
  better:
    "The container's own operations; cAdvisor adds a series with the operations of the whole partition under its layer.",
};
const WHOLE_PARTITION: Correspondence = {
  notOffered:
    'The kernel does not count it per container (since Linux 5.0); cAdvisor repeats the whole partition for each container on it. Use node_exporter (`node_disk_*`) for the device and `container_pressure_io_*` for the container.',
};
const IO_COST: Correspondence = {
  notOffered:
    'The kernel counts it only on devices that were set up for io.cost by hand: use `container_pressure_io_*`.',
};

export const DISK_GROUPS: readonly CadvisorGroup[] = [
  {
    title: 'Block I/O',
    option: 'diskIO',
    onByDefault: true,
    metrics: [
      counter('container_fs_reads_bytes_total', ['device'], 'same'),
      counter('container_fs_writes_bytes_total', ['device'], 'same'),
      counter('container_fs_reads_total', ['device'], OWN_OPERATIONS),
      counter('container_fs_writes_total', ['device'], OWN_OPERATIONS),
      counter('container_blkio_device_usage_total', ['device', 'major', 'minor', 'operation'], 'same'),
      counter('container_fs_sector_reads_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_sector_writes_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_reads_merged_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_writes_merged_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_read_seconds_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_write_seconds_total', ['device'], WHOLE_PARTITION),
      gauge('container_fs_io_current', ['device'], WHOLE_PARTITION),
      counter('container_fs_io_time_seconds_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_io_time_weighted_seconds_total', ['device'], WHOLE_PARTITION),
      counter('container_fs_io_cost_usage_seconds_total', ['device'], IO_COST),
      counter('container_fs_io_cost_wait_seconds_total', ['device'], IO_COST),
      counter('container_fs_io_cost_indebt_seconds_total', ['device'], IO_COST),
      counter('container_fs_io_cost_indelay_seconds_total', ['device'], IO_COST),
    ],
  },
  {
    title: 'Disk space',
    option: 'disk',
    onByDefault: true,
    metrics: [
      gauge('container_fs_usage_bytes', ['device'], {
        better:
          'With `--collector.disk` only, because it walks the writable layer; the answer is cached and never delays a scrape.',
      }),
      gauge('container_fs_limit_bytes', ['device'], { better: 'With `--collector.disk` only.' }),
      gauge('container_fs_inodes_free', ['device'], {
        better:
          'With `--collector.disk` only; the free inodes of the file system, where cAdvisor says 0 for Docker containers.',
      }),
      gauge('container_fs_inodes_total', ['device'], {
        better:
          'With `--collector.disk` only; all inodes of the file system, where cAdvisor gives the inodes that the container uses.',
      }),
    ],
  },
];
