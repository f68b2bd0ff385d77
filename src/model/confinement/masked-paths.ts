import type { MountInfo } from '../../parse/mountinfo.js';
import { isReadonly } from './mount-tree.js';
import type { MountTree } from './mount-tree.js';

/** The paths of the kernel's that a runtime hides from a container, and those that it makes read-only. */
export interface SystemPaths {
  readonly masked: readonly string[];
  readonly readonly: readonly string[];
}

/** What every version of Docker protects (moby, oci/defaults.go); later ones add some. */
export const DOCKER_SYSTEM_PATHS: SystemPaths = {
  masked: [
    '/proc/asound',
    '/proc/acpi',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/proc/sched_debug',
    '/proc/scsi',
    '/sys/firmware',
  ],
  readonly: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
};

/**
 * How many of the paths are open to the container. A runtime covers a file with `/dev/null` and a directory with an
 * empty read-only file system, and binds a read-only path upon itself. What this kernel does not have needs no cover.
 */
export function countUnprotected(
  mounts: MountTree,
  paths: SystemPaths,
  kernelHas: (path: string) => boolean,
): number {
  const open = (path: string, protects: (mount: MountInfo, path: string) => boolean): boolean => {
    const mount = mounts.mountOf(path);
    return kernelHas(path) && !(mount !== undefined && protects(mount, path));
  };
  return (
    paths.masked.filter(path => open(path, masks)).length +
    paths.readonly.filter(path => open(path, isReadonly)).length
  );
}

function masks(mount: MountInfo, path: string): boolean {
  if (mount.mountPoint !== path) return false;
  return mount.root === '/null' || (mount.filesystemType === 'tmpfs' && isReadonly(mount));
}
