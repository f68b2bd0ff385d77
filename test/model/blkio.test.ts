import t from 'tap';
import { blkio1 } from '../../src/model/cgroup1/blkio.js';
import { blkio2 } from '../../src/model/cgroup2/blkio.js';
import { sampleOf } from './support.js';

t.test('cgroup v1 tells each operation and their sum', async t => {
  const sample = sampleOf(blkio1, {
    'blkio.throttle.io_service_bytes_recursive':
      '8:0 Read 90112\n8:0 Write 4096\n8:0 Sync 94208\n8:0 Async 0\n8:0 Discard 0\n8:0 Total 94208\nTotal 94208\n',
    'blkio.throttle.io_serviced_recursive':
      '8:0 Read 22\n8:0 Write 1\n8:0 Sync 23\n8:0 Async 0\n8:0 Discard 0\n8:0 Total 23\nTotal 23\n',
  });
  t.strictSame(sample, {
    devices: [
      {
        device: '/dev/sda',
        major: 8,
        minor: 0,
        bytes: [
          { operation: 'Read', count: 90_112 },
          { operation: 'Write', count: 4096 },
          { operation: 'Sync', count: 94_208 },
          { operation: 'Async', count: 0 },
          { operation: 'Discard', count: 0 },
          { operation: 'Total', count: 94_208 },
        ],
        operations: [
          { operation: 'Read', count: 22 },
          { operation: 'Write', count: 1 },
          { operation: 'Sync', count: 23 },
          { operation: 'Async', count: 0 },
          { operation: 'Discard', count: 0 },
          { operation: 'Total', count: 23 },
        ],
      },
    ],
  });
});

t.test('cgroup v2 tells reads, writes and discards of each device', async t => {
  const sample = sampleOf(blkio2, {
    'io.stat':
      '259:0 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=4096 dios=1\n' +
      '7:3 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n',
  });
  t.strictSame(
    sample?.devices.map(device => device.device),
    ['/dev/nvme0n1', '7:3'],
    'a device that the host does not name keeps its number',
  );
  t.strictSame(sample?.devices[0]?.bytes, [
    { operation: 'Read', count: 1_459_200 },
    { operation: 'Write', count: 314_773_504 },
    { operation: 'Discard', count: 4096 },
  ]);
  t.strictSame(sample?.devices[0]?.operations, [
    { operation: 'Read', count: 192 },
    { operation: 'Write', count: 353 },
    { operation: 'Discard', count: 1 },
  ]);
});

t.test('no I/O so far, and no file, are two things', async t => {
  t.strictSame(sampleOf(blkio1, { 'blkio.throttle.io_service_bytes_recursive': 'Total 0\n' }), {
    devices: [],
  });
  t.strictSame(sampleOf(blkio2, { 'io.stat': '' }), { devices: [] });
  t.equal(sampleOf(blkio1, {}), undefined);
  t.equal(sampleOf(blkio2, {}), undefined);
});

t.test('one of the two files of cgroup v1', async t => {
  const sample = sampleOf(blkio1, { 'blkio.throttle.io_serviced_recursive': '8:0 Read 22\nTotal 22\n' });
  t.strictSame(sample?.devices[0]?.bytes, []);
  t.strictSame(sample?.devices[0]?.operations, [{ operation: 'Read', count: 22 }]);
});
