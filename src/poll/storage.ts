import type { DiskSample } from '../model/sample.js';
import type { MountInfo } from '../parse/mountinfo.js';
import { fileSystemUsage } from '../read/files.js';

/** The file system that holds the containers' writable layers. */
export type Storage = Omit<DiskSample, 'usageBytes'>;

/**
 * Asks the file system that holds a directory of the host for its size and inodes; `rootfs` is where this process sees
 * the host's root. Undefined where it may not look there.
 */
export function readStorage(
  directory: string,
  rootfs: string,
  mounts: readonly MountInfo[],
): Storage | undefined {
  try {
    const { limitBytes, inodesFree, inodesTotal } = fileSystemUsage(rootfs + directory);
    return { device: deviceOf(directory, mounts), limitBytes, inodesFree, inodesTotal };
  } catch {
    return undefined;
  }
}

/** The source of the mount that the directory lies in: the longest mount point that leads to it. */
function deviceOf(directory: string, mounts: readonly MountInfo[]): string {
  const leading = mounts.filter(
    ({ mountPoint }) =>
      mountPoint === '/' || directory === mountPoint || directory.startsWith(`${mountPoint}/`),
  );
  leading.sort((a, b) => b.mountPoint.length - a.mountPoint.length);
  return leading[0]?.source ?? '';
}
