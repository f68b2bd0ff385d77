import type { MountInfo } from '../../parse/mountinfo.js';

/** The mounts of one process, as a path is looked up in them. */
export class MountTree {
  readonly mounts: readonly MountInfo[];
  readonly #root: MountInfo | undefined;
  readonly #children = new Map<number, MountInfo[]>();

  constructor(mounts: readonly MountInfo[]) {
    this.mounts = mounts;
    const ids = new Set(mounts.map(({ mountId }) => mountId));
    this.#root = mounts.find(({ mountPoint, parentId }) => mountPoint === '/' && !ids.has(parentId));
    for (const mount of mounts) {
      if (mount.parentId === mount.mountId) continue;
      const siblings = this.#children.get(mount.parentId);
      if (siblings === undefined) this.#children.set(mount.parentId, [mount]);
      else siblings.push(mount);
    }
  }

  /**
   * The mount that a path leads to, as the kernel walks it: at each component into what is mounted on top there, so
   * that a mount hides those below it. Absent where the root itself is not shown.
   */
  mountOf(path: string): MountInfo | undefined {
    let current = this.#root && this.#topAt(this.#root, '/');
    let reached = '';
    for (const component of path.split('/').filter(Boolean)) {
      reached += `/${component}`;
      current &&= this.#topAt(current, reached);
    }
    return current;
  }

  #topAt(mount: MountInfo, mountPoint: string): MountInfo {
    let top = mount;
    // A mount cannot be its own descendant, but a recorded file might say so.
    for (let rest = this.mounts.length; rest > 0; rest -= 1) {
      const above = this.#children.get(top.mountId)?.findLast(child => child.mountPoint === mountPoint);
      if (above === undefined) return top;
      top = above;
    }
    return top;
  }
}

/** Whether files below a mount cannot be written: by the mount itself, or by its file system. */
export function isReadonly({ options, superOptions }: MountInfo): boolean {
  return options.includes('ro') || superOptions.split(',').includes('ro');
}

/** Whether a path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}
