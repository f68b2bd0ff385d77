/** A mounted file system, as far as finding cgroups needs it (the fields of `/proc/<pid>/mountinfo`). */
export interface Mount {
  /** Which part of the file system is mounted; `/` for all of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly filesystemType: string;
  readonly superOptions: string;
}

/** One mounted cgroup hierarchy. Version 2 has one hierarchy without controllers of its own names. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The cgroup v1 controllers in it; empty for version 2. */
  readonly controllers: readonly string[];
  /** Where this process sees the hierarchy's mount. */
  readonly directory: string;
  /** The cgroup that is mounted there; `/` for the whole hierarchy. */
  readonly root: string;
}

/** Where hosts mount their cgroups; `cgroupfs` is where this process sees that directory. */
const CGROUP_MOUNT_POINT = '/sys/fs/cgroup';
/** How the host's whole hierarchy shows in a cgroup namespace of this process's own (cgroup_namespaces(7)). */
const ABOVE_NAMESPACE = /^(\/\.\.)+$/;

/**
 * Finds the cgroup hierarchies among the host's mounts. The host's mount points lie below `/sys/fs/cgroup`;
 * `cgroupfs` replaces that prefix.
 */
export function hierarchiesOfMounts(mounts: readonly Mount[], cgroupfs: string): readonly Hierarchy[] {
  return mounts.flatMap((mount): Hierarchy[] => {
    const directory = rebase(mount.mountPoint, cgroupfs);
    if (directory === undefined) return [];
    const root = ABOVE_NAMESPACE.test(mount.root) ? '/' : mount.root;
    if (mount.filesystemType === 'cgroup2') return [{ version: 2, controllers: [], directory, root }];
    if (mount.filesystemType !== 'cgroup') return [];
    return [{ version: 1, controllers: mount.superOptions.split(','), directory, root }];
  });
}

/**
 * Finds the hierarchies from what lies in the cgroup directory, for hosts whose mounts cannot be read: one directory
 * per cgroup v1 hierarchy, named for its controllers, and `unified`, or the files of cgroup v2 themselves.
 */
export function hierarchiesOfListing(entries: readonly string[], cgroupfs: string): readonly Hierarchy[] {
  if (entries.includes('cgroup.controllers'))
    return [{ version: 2, controllers: [], directory: cgroupfs, root: '/' }];
  return entries.map(name => ({
    version: name === 'unified' ? 2 : 1,
    controllers: name === 'unified' ? [] : name.split(','),
    directory: `${cgroupfs}/${name}`,
    root: '/',
  }));
}

/** The hierarchy to search for containers: runtimes put every container into the memory controller's, or v2's. */
export function hierarchyToSearch(hierarchies: readonly Hierarchy[]): Hierarchy | undefined {
  return (
    hierarchies.find(hierarchy => hierarchy.controllers.includes('memory')) ??
    hierarchies.find(hierarchy => hierarchy.version === 2) ??
    hierarchies[0]
  );
}

function rebase(mountPoint: string, cgroupfs: string): string | undefined {
  if (mountPoint === CGROUP_MOUNT_POINT) return cgroupfs;
  if (!mountPoint.startsWith(`${CGROUP_MOUNT_POINT}/`)) return undefined;
  return cgroupfs + mountPoint.slice(CGROUP_MOUNT_POINT.length);
}

/** What a host's cgroups are called as a whole: `v1`, `v2`, or `hybrid` where controllers are in both; absent without any. */
export function cgroupLayout(hierarchies: readonly Hierarchy[]): 'v1' | 'v2' | 'hybrid' | undefined {
  const first = hierarchies.some(({ version }) => version === 1);
  const second = hierarchies.some(({ version }) => version === 2);
  if (first && second) return 'hybrid';
  if (first) return 'v1';
  return second ? 'v2' : undefined;
}
