import { hierarchiesOfMounts } from '../../src/locate/hierarchies.js';
import type { Hierarchy } from '../../src/locate/hierarchies.js';
import { locateByMembership } from '../../src/locate/locate.js';
import type { CgroupLocation } from '../../src/locate/locate.js';
import { parseMountinfo } from '../../src/parse/mountinfo.js';
import { parseCgroupMembership } from '../../src/parse/proc-cgroup.js';

export const ID = '8f3b2a6c'.repeat(8);
export const OTHER = '00c0ffee'.repeat(8);

/** The hierarchies of a host whose `/proc/1/mountinfo` has these lines. */
export function hierarchiesOf(mountinfo: string, cgroupfs = '/sys/fs/cgroup'): readonly Hierarchy[] {
  const bytes = new TextEncoder().encode(mountinfo);
  return hierarchiesOfMounts(parseMountinfo(bytes, bytes.length), cgroupfs);
}

/** Where a container is whose first process has these lines in `/proc/<pid>/cgroup`. */
export function locate(
  cgroup: string,
  hierarchies: readonly Hierarchy[],
  id = ID,
): CgroupLocation | undefined {
  const bytes = new TextEncoder().encode(cgroup);
  return locateByMembership(id, parseCgroupMembership(bytes, bytes.length), hierarchies, new Set([id]));
}

const TMPFS = '31 23 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec - tmpfs tmpfs ro,mode=755\n';

/** cgroup v2 alone, as systemd mounts it. */
export const V2_MOUNTS = `24 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
31 23 0:27 / /sys/fs/bpf rw - bpf bpf rw,mode=700
`;

/** cgroup v1 alone: `cpu` and `cpuacct` in one mount, and systemd's hierarchy without controllers. */
export const V1_MOUNTS = `${TMPFS}32 31 0:29 / /sys/fs/cgroup/systemd rw,nosuid shared:10 - cgroup cgroup rw,xattr,name=systemd
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:11 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 / /sys/fs/cgroup/memory rw,nosuid shared:12 - cgroup cgroup rw,memory
35 31 0:32 / /sys/fs/cgroup/blkio rw,nosuid shared:13 - cgroup cgroup rw,blkio
36 31 0:33 / /sys/fs/cgroup/pids rw,nosuid shared:14 - cgroup cgroup rw,pids
37 31 0:34 / /sys/fs/cgroup/net_cls,net_prio rw,nosuid shared:15 - cgroup cgroup rw,net_cls,net_prio
`;

/** v1 controllers, `cpu` and `cpuacct` apart, beside a v2 tree. */
export const HYBRID_MOUNTS = `${TMPFS}32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct
34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
35 31 0:32 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
36 31 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;
