import { containerOfCgroup } from '../discover/cgroup-id.js';
import type { Hierarchy } from './hierarchies.js';

/** One line of `/proc/<pid>/cgroup`: the process's cgroup in one hierarchy. */
export interface CgroupMembership {
  /** 0 for cgroup v2. */
  readonly hierarchyId: number;
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Where the files of one cgroup lie. */
export interface CgroupLocation {
  /** The path below the root of the hierarchy, such as `/docker/<id>`. */
  readonly path: string;
  /** The directory of each cgroup v1 controller. */
  readonly controllers: ReadonlyMap<string, string>;
  /** The directory in the cgroup v2 hierarchy; on hybrid hosts it stands beside the controllers. */
  readonly unified: string | undefined;
}

/**
 * Finds the directories of a container's cgroup from the memberships of its first process. A process in a cgroup
 * below the container's (a container that manages cgroups of its own) counts as in the container's. Answers undefined
 * where no membership names the container: the pid is another's by now, or the paths are relative to this process's
 * own cgroup namespace (`/../<id>`) and the tree must be searched instead. `containers` are the ids of all that are known.
 */
export function locateByMembership(
  containerId: string,
  memberships: readonly CgroupMembership[],
  hierarchies: readonly Hierarchy[],
  containers: ReadonlySet<string>,
): CgroupLocation | undefined {
  const paths = new Map<Hierarchy, string>();
  for (const { controllers, path } of memberships) {
    const hierarchy = hierarchies.find(candidate => isOf(candidate, controllers));
    const own = ownPath(containerId, path, containers);
    if (hierarchy !== undefined && own !== undefined) paths.set(hierarchy, own);
  }
  return locationOf(paths);
}

/**
 * Whether a process with these memberships is the container's. True as well where the paths are relative to this
 * process's own cgroup namespace, such as `/../<id>`.
 */
export function belongsTo(
  containerId: string,
  memberships: readonly CgroupMembership[],
  containers: ReadonlySet<string>,
): boolean {
  return memberships.some(({ path }) => leadingTo(containerId, path, containers) !== undefined);
}

/** The directories of a cgroup that has the same path in all hierarchies, as all container runtimes make them. */
export function locateByPath(path: string, hierarchies: readonly Hierarchy[]): CgroupLocation | undefined {
  return locationOf(new Map(hierarchies.map(hierarchy => [hierarchy, path])));
}

/** Where a runtime would put a container that is not running, so that its series keep one `id` from start to start. */
export function expectedPath(
  containerId: string,
  cgroupDriver: string | undefined,
  parent: string | undefined,
): string {
  if (cgroupDriver === 'systemd') {
    const slice = parent !== undefined && parent !== '' ? parent : 'system.slice';
    return `${slicePath(slice)}/docker-${containerId}.scope`;
  }
  const directory = parent !== undefined && parent !== '' ? parent : '/docker';
  return `${directory.startsWith('/') ? '' : '/'}${directory.replace(/\/+$/, '')}/${containerId}`;
}

/** systemd nests slices by their names: `a-b.slice` lies in `a.slice`, and `-.slice` is the root (systemd.slice(5)). */
function slicePath(slice: string): string {
  if (slice === '-.slice') return '';
  const parts = slice.replace(/\.slice$/, '').split('-');
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('-')}.slice`).join('');
}

function isOf(hierarchy: Hierarchy, controllers: readonly string[]): boolean {
  if (controllers.length === 0) return hierarchy.version === 2;
  return (
    hierarchy.version === 1 && controllers.every(controller => hierarchy.controllers.includes(controller))
  );
}

/** The path of the container's own cgroup, where a path leads to it or below it. */
function ownPath(containerId: string, path: string, containers: ReadonlySet<string>): string | undefined {
  return path.startsWith('/..') ? undefined : leadingTo(containerId, path, containers);
}

/**
 * A cgroup below a known container's belongs to that one: anybody may make a cgroup below their own and name it after
 * another container. Below one that is not known, as where all this runs in a container, it counts. Names that no
 * known runtime makes are searched for the id.
 */
function leadingTo(containerId: string, path: string, containers: ReadonlySet<string>): string | undefined {
  const outermost = containerOfCgroup(path);
  if (outermost === undefined) return upToName(containerId, path);
  if (outermost.id === containerId) return outermost.path;
  if (containers.has(outermost.id)) return undefined;
  const inner = leadingTo(containerId, path.slice(outermost.path.length), containers);
  return inner && outermost.path + inner;
}

function upToName(containerId: string, path: string): string | undefined {
  const at = path.indexOf(containerId);
  if (at < 0) return undefined;
  const end = path.indexOf('/', at);
  return end < 0 ? path : path.slice(0, end);
}

function locationOf(paths: ReadonlyMap<Hierarchy, string>): CgroupLocation | undefined {
  const controllers = new Map<string, string>();
  let unified: string | undefined;
  let shown: string | undefined;
  for (const [hierarchy, path] of paths) {
    const directory = directoryOf(hierarchy, path);
    if (directory === undefined) continue;
    if (hierarchy.version === 2) unified = directory;
    for (const controller of hierarchy.controllers) controllers.set(controller, directory);
    shown ??= path;
  }
  return shown === undefined ? undefined : { path: shown, controllers, unified };
}

/** A hierarchy whose mount shows only a part has no directory for cgroups outside it. */
function directoryOf({ directory, root }: Hierarchy, path: string): string | undefined {
  if (root === '/') return path === '/' ? directory : directory + path;
  if (path === root) return directory;
  return path.startsWith(`${root}/`) ? directory + path.slice(root.length) : undefined;
}
