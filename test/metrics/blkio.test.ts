import t from 'tap';
import { BLKIO_METRICS } from '../../src/metrics/blkio.js';
import { expose } from './support.js';

t.test('bytes and operations of each device', async t => {
  const said = expose(BLKIO_METRICS, {
    blkio: {
      devices: [
        {
          device: '/dev/sda',
          major: 8,
          minor: 0,
          bytes: [
            { operation: 'Read', count: 4096 },
            { operation: 'Write', count: 0 },
            { operation: 'Discard', count: 7 },
          ],
          operations: [{ operation: 'Read', count: 1 }],
        },
        { device: '259:3', major: 259, minor: 3, bytes: [{ operation: 'Read', count: 5 }], operations: [] },
      ],
    },
  });
  t.equal(said.value('container_fs_reads_bytes_total', { device: '/dev/sda' }), 4096);
  t.equal(said.value('container_fs_writes_bytes_total', { device: '/dev/sda' }), 0);
  t.equal(said.value('container_fs_reads_total', { device: '/dev/sda' }), 1);
  t.strictSame(said.values('container_fs_writes_total'), [], 'not told');
  const usage = { device: '/dev/sda', major: '8', minor: '0', operation: 'Discard' };
  t.equal(said.value('container_blkio_device_usage_total', usage), 7);
  t.equal(said.value('container_fs_reads_bytes_total', { device: '259:3' }), 5);
});

t.test('no device and no file', async t => {
  t.strictSame(expose(BLKIO_METRICS, { blkio: { devices: [] } }).series, []);
  t.strictSame(expose(BLKIO_METRICS, {}).series, []);
});
