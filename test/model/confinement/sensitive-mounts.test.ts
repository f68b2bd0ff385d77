import t from 'tap';
import { sensitiveMounts } from '../../../src/model/confinement/sensitive-mounts.js';
import type { HostPaths } from '../../../src/model/confinement/sensitive-mounts.js';
import { mountsOf } from './support.js';

/** /proc/1/mountinfo of a host, shortened: /run is a tmpfs, /var/lib/docker and /boot have file systems of their own. */
const HOST: HostPaths = {
  mounts: mountsOf(`
    22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
    23 22 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
    24 22 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:6 - sysfs sysfs rw
    25 22 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=4k
    26 22 0:23 / /run rw,nosuid,nodev shared:5 - tmpfs tmpfs rw,mode=755
    27 22 254:2 / /boot rw,relatime shared:30 - ext4 /dev/vda2 rw
    28 22 254:3 / /var/lib/docker rw,relatime shared:31 - ext4 /dev/vdb rw
    29 22 254:4 /@home /home rw,relatime shared:32 - btrfs /dev/vdc rw
  `),
  containerSockets: ['/run/docker.sock', '/run/containerd/containerd.sock'],
  dockerRoot: '/var/lib/docker',
};

/** What every runtime mounts into every container. */
const OWN = `
  700 650 0:49 / / rw,relatime - overlay overlay rw,lowerdir=/l
  701 700 0:52 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
  702 700 0:53 / /dev rw,nosuid - tmpfs tmpfs rw
  703 702 0:54 / /dev/pts rw,nosuid - devpts devpts rw
  704 700 0:55 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
  705 704 0:30 / /sys/fs/cgroup ro,nosuid,nodev,noexec - cgroup2 cgroup rw
  706 702 0:51 / /dev/mqueue rw,nosuid - mqueue mqueue rw
  707 700 254:3 /containers/abc/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vdb rw
  708 700 254:3 /containers/abc/hostname /etc/hostname rw,relatime - ext4 /dev/vdb rw
  709 700 254:3 /containers/abc/hosts /etc/hosts rw,relatime - ext4 /dev/vdb rw
  710 701 0:52 /sys /proc/sys ro,nosuid - proc proc rw
  711 701 0:53 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw
`;

const OWN_NAMESPACES = { net: false, pid: false };

/** The classes that one mount more adds to a default container. */
function added(line: string, host = HOST, shared = OWN_NAMESPACES): string[] {
  return sensitiveMounts(mountsOf(`${OWN}${line}`), host, shared)
    .map(mount => `${mount.class} ${mount.readonly ? 'ro' : 'rw'}`)
    .toSorted();
}

t.test('what every container has is not sensitive', async t => t.strictSame(added(''), []));

/** A mount as `docker run --volume` makes it, and what it shows. */
const BINDS: [what: string, line: string, classes: string[]][] = [
  ['a socket', '800 700 0:23 /docker.sock /var/run/docker.sock rw - tmpfs tmpfs rw', ['container_socket rw']],
  ['a socket, read-only', '800 700 0:23 /docker.sock /d ro - tmpfs tmpfs rw', ['container_socket ro']],
  ['containerd', '800 700 0:23 /containerd/containerd.sock /c rw - tmpfs tmpfs rw', ['container_socket rw']],
  ['its directory', '800 700 0:23 /containerd /c rw - tmpfs tmpfs rw', ['container_socket rw']],
  ['/run', '800 700 0:23 / /host/run ro - tmpfs tmpfs rw', ['container_socket ro']],
  ['a socket elsewhere', '800 700 254:1 /srv/podman.sock /x rw - ext4 /dev/vda1 rw', ['container_socket rw']],
  ['another socket', '800 700 0:23 /app.sock /x rw - tmpfs tmpfs rw', []],
  ['a directory beside', '800 700 0:23 /docker /x rw - tmpfs tmpfs rw', []],
  ['/', '800 700 254:1 / /host ro - ext4 /dev/vda1 rw', ['container_socket ro', 'host_root ro']],
  ['/etc', '800 700 254:1 /etc /host/etc ro - ext4 /dev/vda1 rw', ['etc ro']],
  ['/etc, writable', '800 700 254:1 /etc /host/etc rw - ext4 /dev/vda1 rw', ['etc rw']],
  ['a file of /etc', '800 700 254:1 /etc/localtime /etc/localtime ro - ext4 /dev/vda1 rw', []],
  ['a file of /etc, writable', '800 700 254:1 /etc/motd /x rw - ext4 /dev/vda1 rw', ['etc rw']],
  ['a secret of /etc', '800 700 254:1 /etc/shadow /x ro - ext4 /dev/vda1 rw', ['etc ro']],
  ['a library', '800 700 254:1 /usr/lib/libc.so /x ro - ext4 /dev/vda1 rw', []],
  ['a library, writable', '800 700 254:1 /usr/lib/libc.so /x rw - ext4 /dev/vda1 rw', ['lib rw']],
  ['/etcetera', '800 700 254:1 /etcetera /x rw - ext4 /dev/vda1 rw', []],
  ['/usr', '800 700 254:1 /usr /x ro - ext4 /dev/vda1 rw', ['lib ro']],
  ['/lib/modules', '800 700 254:1 /lib/modules /lib/modules ro - ext4 /dev/vda1 rw', ['lib ro']],
  ['/boot', '800 700 254:2 / /x ro - ext4 /dev/vda2 rw', ['boot ro']],
  ['/var/lib/docker', '800 700 254:3 / /x rw - ext4 /dev/vdb rw', ['docker_root rw']],
  ['all containers’ files', '800 700 254:3 /containers /x ro - ext4 /dev/vdb rw', ['docker_root ro']],
  ['a volume', '800 700 254:3 /volumes/data/_data /data rw - ext4 /dev/vdb rw', []],
  ['/home', '800 700 254:4 /@home /x rw - btrfs /dev/vdc rw', []],
  ['one that was deleted', '800 700 254:1 /etc//deleted /x rw - ext4 /dev/vda1 rw', ['etc rw']],
  ['a disk of nobody', '800 700 254:9 / /x rw - ext4 /dev/vdz rw', []],
];
for (const [what, line, classes] of BINDS)
  t.test(`mounted: ${what}`, async t => t.strictSame(added(line), classes));

t.test('the host’s /dev, /proc and /sys', async t => {
  t.strictSame(added('800 700 0:5 / /dev rw - devtmpfs udev rw'), ['dev rw']);
  t.strictSame(added('800 700 0:21 / /host/proc ro - proc proc rw'), ['proc ro']);
  t.strictSame(added('800 700 0:22 / /host/sys ro - sysfs sysfs rw'), ['sys ro']);
  t.strictSame(added('800 700 0:22 / /sys ro - sysfs sysfs rw'), ['sys ro'], 'over its own');
  t.strictSame(added('800 700 0:21 /kcore /k ro - proc proc rw'), ['proc ro'], 'or a part of it');
  t.strictSame(added('800 700 0:5 /kmsg /dev/kmsg rw - devtmpfs udev rw'), ['dev rw']);
  t.strictSame(added('800 700 0:5 /null /proc/kcore rw - devtmpfs udev rw'), [], 'which hides something');
  t.strictSame(added('800 700 0:99 / /inner ro - proc proc rw'), [], 'one of a container in the container');
});

t.test('in the host’s namespaces a container has the host’s /sys and /proc as its own', async t => {
  const sys = OWN.replace('704 700 0:55 / /sys', '704 700 0:22 / /sys');
  const sensitive = (mounts: string, of: Partial<typeof OWN_NAMESPACES>): unknown =>
    sensitiveMounts(mountsOf(mounts), HOST, { ...OWN_NAMESPACES, ...of });
  t.strictSame(sensitive(sys, { net: true }), []);
  t.strictSame(sensitive(sys, { pid: true }), [{ class: 'sys', readonly: true }]);
  const proc = OWN.replace('701 700 0:52 / /proc', '701 700 0:21 / /proc');
  t.strictSame(sensitive(proc, { pid: true }), []);
  t.strictSame(sensitive(proc, { net: true }), [{ class: 'proc', readonly: false }]);
  const elsewhere = `${OWN} 800 700 0:22 / /host/sys rw - sysfs sysfs rw`;
  t.strictSame(sensitive(elsewhere, { net: true }), [{ class: 'sys', readonly: false }]);
});

t.test('each class once as read-only and once as writable', async t => {
  const lines = [
    '800 700 254:1 /etc /a ro - ext4 /dev/vda1 rw',
    '801 700 254:1 /etc /b rw - ext4 /dev/vda1 rw',
    '802 700 254:1 /etc /c ro - ext4 /dev/vda1 rw',
  ];
  t.strictSame(added(lines.join('\n')), ['etc ro', 'etc rw']);
});

t.test('a file system that the host has in two places counts in both', async t => {
  const mounts = mountsOf(`
    22 1 254:1 / / rw - ext4 /dev/vda1 rw
    23 22 254:1 /data/etc /srv rw - ext4 /dev/vda1 rw
    24 22 254:5 /config /etc rw - ext4 /dev/vdd rw`);
  const host = { ...HOST, mounts };
  t.strictSame(added('800 700 254:5 /config /x rw - ext4 /dev/vdd rw', host), ['etc rw']);
  t.strictSame(added('800 700 254:5 / /x rw - ext4 /dev/vdd rw', host), []);
});

t.test('a runtime that keeps its data elsewhere, or does not say where', async t => {
  const line = '800 700 254:1 /srv/docker /x rw - ext4 /dev/vda1 rw';
  t.strictSame(added(line, { ...HOST, dockerRoot: '/srv/docker' }), ['docker_root rw']);
  t.strictSame(added(line, { ...HOST, dockerRoot: '/srv/docker/data' }), ['docker_root rw'], 'it lies below');
  t.strictSame(added(line, { ...HOST, dockerRoot: undefined }), []);
});
