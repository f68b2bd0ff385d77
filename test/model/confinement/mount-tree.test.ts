import t from 'tap';
import { isReadonly, isWithin, MountTree } from '../../../src/model/confinement/mount-tree.js';
import { mountFacts } from '../../../src/model/confinement/mounts.js';
import { mountsOf } from './support.js';

/** A container, as Docker 20.10 mounts it, shortened: ids, parents, and what is mounted where. */
const CONTAINER = `
  700 650 0:49 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
  701 700 0:52 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
  702 700 0:53 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
  703 702 0:54 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=5,mode=620
  704 701 0:52 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
  705 701 0:53 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
`;

/** Where a path leads in these mounts: the id of the mount. */
const lookUp = (mountinfo: string, path: string): number | undefined =>
  new MountTree(mountsOf(mountinfo)).mountOf(path)?.mountId;

t.test('a path leads to the mount at it or above it', async t => {
  const paths: [path: string, mountId: number][] = [
    ['/', 700],
    ['/etc/passwd', 700],
    ['/proc', 701],
    ['/proc/', 701],
    ['/proc/1/status', 701],
    ['/processes', 700],
    ['/dev/pts/0', 703],
    ['/proc/sys/kernel', 704],
    ['/proc/kcore', 705],
    ['/proc/kcore2', 701],
  ];
  for (const [path, mountId] of paths) t.equal(lookUp(CONTAINER, path), mountId, path);
});

t.test('of mounts that are stacked, the one on top counts', async t => {
  const stacked = `${CONTAINER}
    706 705 0:60 / /proc/kcore ro - tmpfs tmpfs ro
    707 706 0:61 / /proc/kcore rw - tmpfs tmpfs rw`;
  t.equal(lookUp(stacked, '/proc/kcore'), 707);
});

t.test('a mount hides those that lie below it', async t => {
  const covered = `${CONTAINER}
    800 701 0:70 / /proc rw,relatime - proc proc rw`;
  t.equal(lookUp(covered, '/proc'), 800);
  t.equal(lookUp(covered, '/proc/kcore'), 800, 'the cover of it is hidden itself');
  t.equal(lookUp(covered, '/proc/sys/kernel'), 800);
});

t.test('two mounts with the same parent and place: the later one is on top', async t => {
  const twice = `
    1 0 0:1 / / rw - ext4 /dev/sda rw
    2 1 0:2 / /mnt rw - tmpfs tmpfs rw
    3 1 0:3 / /mnt rw - tmpfs tmpfs rw`;
  t.equal(lookUp(twice, '/mnt/x'), 3);
});

t.test('a root that something is mounted over', async t => {
  const twoRoots = `
    1 0 0:1 / / rw - rootfs rootfs rw
    2 1 0:2 / / ro - overlay overlay rw
    3 2 0:3 / /proc rw - proc proc rw`;
  t.equal(lookUp(twoRoots, '/'), 2);
  t.equal(lookUp(twoRoots, '/proc/1'), 3);
});

t.test('where the root is not shown, nothing is known', async t => {
  t.equal(lookUp('', '/'), undefined);
  t.equal(lookUp('2 1 0:2 / /mnt rw - tmpfs tmpfs rw', '/mnt'), undefined);
});

t.test('a file that says nonsense ends all the same', async t => {
  const circular = `
    1 0 0:1 / / rw - ext4 /dev/sda rw
    2 3 0:2 / /a rw - tmpfs tmpfs rw
    3 2 0:3 / /a rw - tmpfs tmpfs rw
    4 1 0:4 / /a rw - tmpfs tmpfs rw
    4 4 0:4 / /a rw - tmpfs tmpfs rw`;
  t.equal(lookUp(circular, '/a'), 4);
  const ring = `
    1 0 0:1 / / rw - ext4 /dev/sda rw
    2 1 0:2 / /a rw - tmpfs tmpfs rw
    1 2 0:1 / /a rw - tmpfs tmpfs rw`;
  t.type(lookUp(ring, '/a'), 'number');
});

t.test('read-only: by the mount, or by its file system', async t => {
  const readonly = (line: string): unknown => mountsOf(line).map(isReadonly)[0];
  t.equal(readonly('1 0 0:1 / / ro,relatime - overlay overlay rw'), true);
  t.equal(readonly('1 0 0:1 / / rw,relatime - squashfs /dev/loop0 ro,errors=continue'), true);
  t.equal(readonly('1 0 0:1 / / rw,relatime - ext4 /dev/sda rw,errors=remount-ro'), false);
  t.equal(readonly('1 0 0:1 / / rw,relatime - overlay overlay rw,lowerdir=/ro'), false);
});

t.test('within a directory', async t => {
  t.ok(isWithin('/run/docker.sock', '/run'));
  t.ok(isWithin('/run', '/run'));
  t.ok(isWithin('/anything', '/'));
  t.notOk(isWithin('/runner', '/run'));
  t.notOk(isWithin('/', '/run'));
});

const ALONE = { net: false, pid: false };

t.test('what the mounts of a container say', async t => {
  const host = {
    mounts: mountsOf('1 0 8:1 / / rw - ext4 /dev/sda1 rw'),
    containerSockets: [],
    dockerRoot: undefined,
  };
  const paths = { masked: ['/proc/kcore'], readonly: ['/proc/sys', '/proc/bus'] };
  t.strictSame(
    mountFacts(mountsOf(CONTAINER), host, paths, () => true, ALONE),
    {
      rootReadonly: false,
      unprotectedPaths: 1,
      sensitive: [],
    },
  );
  const readonlyRoot = CONTAINER.replace('/ / rw,relatime', '/ / ro,relatime');
  t.equal(mountFacts(mountsOf(readonlyRoot), host, paths, () => true, ALONE).rootReadonly, true);
  const nothing = mountFacts([], { ...host, mounts: [] }, paths, () => true, ALONE);
  t.equal(nothing.rootReadonly, undefined);
  t.equal(nothing.sensitive, undefined, 'without the host’s mounts it is not known what they show');
});
