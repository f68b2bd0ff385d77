import t from 'tap';
import { cgroupLayout, hierarchiesOfListing, hierarchyToSearch } from '../../src/locate/hierarchies.js';
import { locateByPath } from '../../src/locate/locate.js';
import { hierarchiesOf, HYBRID_MOUNTS, ID, V1_MOUNTS, V2_MOUNTS } from './support.js';

t.test('the mounts of cgroup v2', async t => {
  t.strictSame(hierarchiesOf(V2_MOUNTS), [
    { version: 2, controllers: [], directory: '/sys/fs/cgroup', root: '/' },
  ]);
});

t.test('the mounts of cgroup v1', async t => {
  const hierarchies = hierarchiesOf(V1_MOUNTS, '/host/cgroup');
  t.strictSame(
    hierarchies.map(({ version, directory }) => [version, directory]),
    ['systemd', 'cpu,cpuacct', 'memory', 'blkio', 'pids', 'net_cls,net_prio'].map(name => [
      1,
      `/host/cgroup/${name}`,
    ]),
  );
  t.ok(hierarchies[1]?.controllers.includes('cpu') && hierarchies[1].controllers.includes('cpuacct'));
});

t.test('other file systems, and cgroups mounted elsewhere, are none of them', async t => {
  t.strictSame(
    hierarchiesOf(
      '24 1 0:5 / / rw - ext4 /dev/vda1 rw\n' +
        '25 1 0:26 / /var/lib/lxc/cgroup rw - cgroup2 cgroup2 rw\n' +
        '26 1 0:27 / /sys/fs/cgroupfs rw - cgroup2 cgroup2 rw\n' +
        '27 1 0:28 / /sys/fs/cgroup/notes rw - tmpfs tmpfs rw\n',
    ),
    [],
  );
});

t.test('seen from a cgroup namespace below, the host’s whole hierarchy is still the whole one', async t => {
  // Lines of /proc/1/mountinfo as a process in a cgroup namespace of its own reads them.
  const hierarchies = hierarchiesOf(
    '35 31 0:32 /.. /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n' +
      '41 31 0:38 /../.. /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n',
  );
  t.strictSame(
    hierarchies.map(hierarchy => hierarchy.root),
    ['/', '/'],
  );
  t.equal(
    locateByPath(`/docker/${ID}`, hierarchies)?.unified,
    `/sys/fs/cgroup/unified/docker/${ID}`,
    'so that a container that was searched for is found there',
  );
});

t.test('what a host’s cgroups are called as a whole', async t => {
  t.equal(cgroupLayout(hierarchiesOf(V1_MOUNTS)), 'v1');
  t.equal(cgroupLayout(hierarchiesOf(V2_MOUNTS)), 'v2');
  t.equal(cgroupLayout(hierarchiesOf(HYBRID_MOUNTS)), 'hybrid');
  t.equal(cgroupLayout([]), undefined);
});

t.test('the same from the directory alone', async t => {
  t.strictSame(hierarchiesOfListing(['cgroup.controllers', 'cgroup.procs', 'system.slice'], '/c'), [
    { version: 2, controllers: [], directory: '/c', root: '/' },
  ]);
  t.strictSame(hierarchiesOfListing(['cpu,cpuacct', 'memory', 'unified'], '/c'), [
    { version: 1, controllers: ['cpu', 'cpuacct'], directory: '/c/cpu,cpuacct', root: '/' },
    { version: 1, controllers: ['memory'], directory: '/c/memory', root: '/' },
    { version: 2, controllers: [], directory: '/c/unified', root: '/' },
  ]);
  t.strictSame(hierarchiesOfListing([], '/c'), []);
});

t.test('containers are searched for where every runtime puts them', async t => {
  t.equal(hierarchyToSearch(hierarchiesOf(V2_MOUNTS))?.directory, '/sys/fs/cgroup');
  t.equal(hierarchyToSearch(hierarchiesOf(V1_MOUNTS))?.directory, '/sys/fs/cgroup/memory');
  t.equal(hierarchyToSearch(hierarchiesOf(HYBRID_MOUNTS))?.directory, '/sys/fs/cgroup/memory');
  const withoutMemory = hierarchiesOf(HYBRID_MOUNTS.replace(/^.*memory.*\n/m, ''));
  t.equal(hierarchyToSearch(withoutMemory)?.directory, '/sys/fs/cgroup/unified');
  t.equal(hierarchyToSearch([]), undefined);
});
