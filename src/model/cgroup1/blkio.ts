import { parseBlkio } from '../../parse/blkio.js';
import type { BlkioEntry } from '../../parse/blkio.js';
import { devicesOf } from '../blkio.js';
import { section } from '../section.js';
import type { Source } from '../section.js';

/** Block I/O from the cgroup v1 blkio controller, cgroups below included (admin-guide/cgroup-v1/blkio-controller.rst). */
export const blkio1 = section(
  {
    bytes: blkioFile('blkio.throttle.io_service_bytes_recursive'),
    operations: blkioFile('blkio.throttle.io_serviced_recursive'),
  },
  ({ bytes, operations }, host) =>
    bytes === undefined && operations === undefined
      ? undefined
      : devicesOf(bytes ?? [], operations ?? [], host),
);

function blkioFile(file: string): Source<BlkioEntry[]> {
  return { directory: 'blkio', file, tier: 'poll', parse: parseBlkio };
}
