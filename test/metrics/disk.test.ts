import t from 'tap';
import { DISK_METRICS } from '../../src/metrics/disk.js';
import { expose } from './support.js';

t.test('the writable layer and the file system that holds it', async t => {
  const disk = { device: '/dev/vda1', usageBytes: 5, limitBytes: 100, inodesFree: 7, inodesTotal: 9 };
  const said = expose(DISK_METRICS, { disk });
  const device = { device: '/dev/vda1' };
  t.equal(said.value('container_fs_usage_bytes', device), 5);
  t.equal(said.value('container_fs_limit_bytes', device), 100);
  t.equal(said.value('container_fs_inodes_free', device), 7);
  t.equal(said.value('container_fs_inodes_total', device), 9);
  const unmeasured = expose(DISK_METRICS, { disk: { ...disk, usageBytes: undefined } });
  t.strictSame(unmeasured.values('container_fs_usage_bytes'), []);
  t.strictSame(expose(DISK_METRICS, {}).series, []);
});
