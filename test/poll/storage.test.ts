import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseMountinfo } from '../../src/parse/mountinfo.js';
import { readStorage } from '../../src/poll/storage.js';

const bytes = new TextEncoder().encode(`24 1 254:1 / / rw - ext4 /dev/vda1 rw
25 24 254:2 / /var/lib rw - xfs /dev/mapper/data rw
26 24 254:3 / /var/lib/dock rw - xfs /dev/other rw
`);
const MOUNTS = parseMountinfo(bytes, bytes.length);

t.test('the file system that holds the writable layers', async t => {
  const rootfs = t.testdir({});
  mkdirSync(join(rootfs, 'var/lib/docker'), { recursive: true });
  const { bsize, blocks, files } = statfsSync(rootfs);
  t.match(readStorage('/var/lib/docker', rootfs, MOUNTS), {
    device: '/dev/mapper/data',
    limitBytes: bsize * blocks,
    inodesTotal: files,
  });
  t.equal(readStorage('/var', rootfs, MOUNTS)?.device, '/dev/vda1');
});

t.test('a directory that this process does not see', async t => {
  t.equal(readStorage('/var/lib/docker', t.testdir({}), MOUNTS), undefined);
});
