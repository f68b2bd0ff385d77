import { containerOfCgroup } from './cgroup-id.js';
import type { Container } from './container.js';
import { shortId } from './inspect-reply.js';

/** The cgroups of a host that may be those of containers. */
export interface CgroupTree {
  /** `path` is relative to the hierarchy's root; `pid` is any process in it, absent when there is none. */
  containers(): readonly { readonly path: string; readonly pid: number | undefined }[];
}

/** One container for each id in the tree, in the order of the tree, with what a path can tell. */
export function findCgroupContainers(tree: CgroupTree): Container[] {
  const found = new Map<string, Container>();
  for (const { path, pid } of tree.containers()) {
    const id = containerOfCgroup(path)?.id;
    if (id !== undefined && found.get(id)?.pid === undefined) {
      found.set(id, cgroupContainer(id, pid));
    }
  }
  return [...found.values()];
}

function cgroupContainer(id: string, pid: number | undefined): Container {
  return {
    id,
    name: shortId(id),
    image: '',
    labels: new Map(),
    state: 'running',
    ...(pid !== undefined && { pid }),
    configuration: {},
    source: 'cgroup',
  };
}
