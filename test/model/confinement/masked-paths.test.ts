import t from 'tap';
import { countUnprotected, DOCKER_SYSTEM_PATHS } from '../../../src/model/confinement/masked-paths.js';
import { MountTree } from '../../../src/model/confinement/mount-tree.js';
import { mountsOf } from './support.js';

/** /proc/<pid>/mountinfo of a default container (Docker 20.10, Linux 6.18). */
const DEFAULT = `
  700 650 0:49 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
  701 700 0:52 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
  702 700 0:53 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
  703 700 0:55 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
  710 701 0:52 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw
  711 701 0:52 /fs /proc/fs ro,nosuid,nodev,noexec,relatime - proc proc rw
  712 701 0:52 /irq /proc/irq ro,nosuid,nodev,noexec,relatime - proc proc rw
  713 701 0:52 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
  714 701 0:52 /sysrq-trigger /proc/sysrq-trigger ro,nosuid,nodev,noexec,relatime - proc proc rw
  720 701 0:60 / /proc/acpi ro,relatime - tmpfs tmpfs ro
  721 701 0:53 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
  722 701 0:53 /null /proc/keys rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
  723 701 0:53 /null /proc/timer_list rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
  724 701 0:61 / /proc/scsi ro,relatime - tmpfs tmpfs ro
  725 703 0:62 / /sys/firmware ro,relatime - tmpfs tmpfs ro
`;
/** What of Docker's list that kernel does not have. */
const NOT_THERE = new Set(['/proc/asound', '/proc/latency_stats', '/proc/timer_stats', '/proc/sched_debug']);
const kernelHas = (path: string): boolean => !NOT_THERE.has(path);

const open = (mountinfo: string, has = kernelHas, paths = DOCKER_SYSTEM_PATHS): number =>
  countUnprotected(new MountTree(mountsOf(mountinfo)), paths, has);

t.test('a default container has everything covered that its kernel has', async t => {
  t.equal(open(DEFAULT), 0);
  t.equal(
    open(DEFAULT, () => true),
    4,
    'on a kernel that has the others too, they would be open',
  );
});

t.test('systempaths=unconfined leaves all open', async t => {
  const unconfined = DEFAULT.split('\n')
    .filter(line => !/ \/(proc|sys)\//.test(line))
    .join('\n');
  t.equal(open(unconfined), 6 + 5);
});

t.test('a cover that was taken away', async t => {
  const without = (place: string): string =>
    DEFAULT.split('\n')
      .filter(line => !line.includes(` ${place} `))
      .join('\n');
  t.equal(open(without('/proc/kcore')), 1);
  t.equal(open(without('/proc/scsi')), 1);
  t.equal(open(without('/proc/sys')), 1);
  t.equal(open(without('/sys/firmware')), 1, 'that /sys is read-only hides nothing of it');
});

t.test('a container that mounts over its own /proc has opened all that was covered there', async t => {
  t.equal(open(`${DEFAULT} 800 701 0:70 / /proc rw,relatime - proc proc rw`), 5 + 5);
  t.equal(
    open(`${DEFAULT} 800 701 0:70 / /proc ro,relatime - proc proc rw`),
    5,
    'read-only as a whole, what is to be read-only is; what is to be hidden is not',
  );
});

t.test('what is no cover', async t => {
  const swap = (place: string, cover: string): string =>
    DEFAULT.split('\n')
      .map(line => (line.includes(` ${place} `) ? cover : line))
      .join('\n');
  const writable = '724 701 0:61 / /proc/scsi rw,relatime - tmpfs tmpfs rw';
  t.equal(open(swap('/proc/scsi', writable)), 1, 'a writable directory is what its owner makes of it');
  const other = '721 701 0:53 /data /proc/kcore ro,nosuid - ext4 /dev/sda rw';
  t.equal(open(swap('/proc/kcore', other)), 1, 'some other file');
  const bound = '713 701 0:52 /sys /proc/sys rw,nosuid,nodev,noexec,relatime - proc proc rw';
  t.equal(open(swap('/proc/sys', bound)), 1, 'bound, but writable');
  const below = '726 713 0:52 /sys/kernel /proc/sys/kernel rw - proc proc rw';
  t.equal(open(`${DEFAULT}${below}`), 0, 'only the paths themselves are looked at');
});

t.test('of stacked covers, the one on top counts', async t => {
  t.equal(open(`${DEFAULT} 730 721 0:52 /kcore /proc/kcore rw - proc proc rw`), 1);
  t.equal(open(`${DEFAULT} 730 721 0:53 /null /proc/kcore rw - tmpfs tmpfs rw`), 0);
});

t.test('the paths of the configuration count where it has some', async t => {
  const paths = { masked: ['/proc/kcore', '/proc/interrupts'], readonly: ['/proc/sys', '/sys/fs/cgroup'] };
  t.equal(
    open(DEFAULT, () => true, paths),
    1,
    '/sys is read-only, and so is all below it',
  );
});

t.test('without mounts everything that the kernel has is open', async t => {
  t.equal(open(''), 6 + 5);
  t.equal(
    open('', () => false),
    0,
  );
});
