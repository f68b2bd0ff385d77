import type { CgroupTree } from '../discover/cgroup-discovery.js';
import { hierarchyToSearch } from '../locate/hierarchies.js';
import { parseProcessIds } from '../parse/process-list.js';
import { cgroupsBelow, findContainerCgroups } from '../read/cgroup-tree.js';
import type { KernelFiles } from '../read/kernel-file.js';
import type { Host } from './host.js';

/** A container that manages cgroups of its own keeps its first process near its top. */
const CGROUPS_TO_LOOK_AT = 16;

/** The host's cgroup tree as discovery looks at it when no container runtime answers. */
export function cgroupTree(host: Host, files: KernelFiles): CgroupTree {
  return {
    containers() {
      if (host.facts.hierarchies.length === 0) host.refresh();
      const hierarchy = hierarchyToSearch(host.facts.hierarchies);
      if (hierarchy === undefined) return [];
      return findContainerCgroups(hierarchy.directory).map(({ path, directory }) => ({
        path,
        pid: firstProcess(directory, files),
      }));
    },
  };
}

function firstProcess(directory: string, files: KernelFiles): number | undefined {
  const own = firstProcessOf(directory, files);
  if (own !== undefined) return own;
  for (const cgroup of cgroupsBelow(directory, CGROUPS_TO_LOOK_AT).slice(1)) {
    const pid = firstProcessOf(cgroup, files);
    if (pid !== undefined) return pid;
  }
  return undefined;
}

function firstProcessOf(cgroup: string, files: KernelFiles): number | undefined {
  const length = files.readOnce(`${cgroup}/cgroup.procs`);
  return length <= 0 ? undefined : parseProcessIds(files.bytes, length).find(pid => pid > 0);
}
