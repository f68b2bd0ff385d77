import { decimal, mapLines } from './scan.js';

/** Which cgroup of one hierarchy a process is in. */
export interface CgroupMembership {
  /** 0 is the cgroup v2 hierarchy. */
  readonly hierarchyId: number;
  /** The v1 controllers of the hierarchy, such as `cpu` and `cpuacct`, or its name (`name=systemd`); none for v2. */
  readonly controllers: readonly string[];
  /** As the reader's cgroup namespace sees it: it may start with `/..`. */
  readonly path: string;
  /** The cgroup was removed while the process, a zombie, was still in it. */
  readonly deleted: boolean;
}

const DELETED = ' (deleted)';

/**
 * /proc/<pid>/cgroup:
 *
 *     9:name=systemd:/
 *     4:cpu,cpuacct:/docker/8f3b…
 *     0::/system.slice/docker-8f3b….scope
 *
 * A path may hold colons, but no newline.
 * Format: cgroups(7), "/proc files".
 *
 * @throws {ParseError} where a line is not a number, a list and an absolute path.
 */
export function parseCgroupMembership(bytes: Uint8Array, length: number): CgroupMembership[] {
  return mapLines(bytes, length, 'hierarchy:controllers:/path', parseLine);
}

function parseLine(line: string): CgroupMembership | undefined {
  const idEnd = line.indexOf(':');
  const controllersEnd = line.indexOf(':', idEnd + 1);
  const hierarchyId = decimal(line.slice(0, Math.max(0, idEnd)));
  if (hierarchyId === undefined || controllersEnd < 0 || line[controllersEnd + 1] !== '/') return undefined;
  const path = line.slice(controllersEnd + 1);
  const deleted = path.endsWith(DELETED);
  return {
    hierarchyId,
    controllers: line
      .slice(idEnd + 1, controllersEnd)
      .split(',')
      .filter(Boolean),
    path: deleted ? path.slice(0, -DELETED.length) : path,
    deleted,
  };
}
