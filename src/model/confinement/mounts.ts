import type { MountInfo } from '../../parse/mountinfo.js';
import { countUnprotected } from './masked-paths.js';
import type { SystemPaths } from './masked-paths.js';
import { isReadonly, MountTree } from './mount-tree.js';
import { sensitiveMounts } from './sensitive-mounts.js';
import type { HostPaths, SensitiveMount, SharedNamespaces } from './sensitive-mounts.js';

/** What the mounts of a container's first process say of its confinement. */
export interface MountFacts {
  readonly rootReadonly: boolean | undefined;
  readonly unprotectedPaths: number;
  /** Absent where the host's own mounts are not known. */
  readonly sensitive: readonly SensitiveMount[] | undefined;
}

/** Judges `/proc/<pid>/mountinfo` of the first process. */
export function mountFacts(
  mounts: readonly MountInfo[],
  host: HostPaths,
  systemPaths: SystemPaths,
  kernelHas: (path: string) => boolean,
  shared: SharedNamespaces,
): MountFacts {
  const tree = new MountTree(mounts);
  const root = tree.mountOf('/');
  return {
    rootReadonly: root && isReadonly(root),
    unprotectedPaths: countUnprotected(tree, systemPaths, kernelHas),
    sensitive: host.mounts.length === 0 ? undefined : sensitiveMounts(mounts, host, shared),
  };
}
