import type { MountInfo } from '../../parse/mountinfo.js';
import { isReadonly, isWithin } from './mount-tree.js';

/** A part of the host that a container sees, and that gives it or tells it more than a container should have. */
export const SENSITIVE_MOUNT_CLASSES = [
  'container_socket',
  'host_root',
  'etc',
  'proc',
  'sys',
  'dev',
  'lib',
  'boot',
  'docker_root',
] as const;
export type SensitiveMountClass = (typeof SENSITIVE_MOUNT_CLASSES)[number];

export interface SensitiveMount {
  readonly class: SensitiveMountClass;
  readonly readonly: boolean;
}

/** What of the host decides how sensitive a mount is. */
export interface HostPaths {
  /** Of the host's first process. */
  readonly mounts: readonly MountInfo[];
  /** Sockets of container runtimes, by their paths on the host. */
  readonly containerSockets: readonly string[];
  /** Where the runtime keeps its data; absent where that is not known. */
  readonly dockerRoot: string | undefined;
}

/** The names that runtimes give their sockets, wherever they stand. */
const SOCKET_NAMES =
  /^(docker|containerd|podman|crio|cri-dockerd|dockershim|buildkitd|frakti|rootlesskit-api)\.sock$/;

/** Directories of the host: what lies in them counts where it can be written, and what is listed in any case. */
const DIRECTORIES: Readonly<
  Partial<
    Record<SensitiveMountClass, { readonly trees: readonly string[]; readonly paths: readonly string[] }>
  >
> = {
  etc: {
    trees: ['/etc'],
    paths: [
      '/etc',
      '/etc/docker',
      '/etc/gshadow',
      '/etc/kubernetes',
      '/etc/shadow',
      '/etc/ssh',
      '/etc/sudoers',
      '/etc/sudoers.d',
    ],
  },
  lib: {
    trees: ['/lib', '/lib64', '/usr'],
    paths: ['/lib', '/lib64', '/lib/modules', '/usr', '/usr/lib', '/usr/lib64', '/usr/lib/modules'],
  },
  boot: { trees: ['/boot'], paths: ['/boot'] },
};

/** The kernel's own file systems; each container has one of its own kind where the first two stand. */
const KERNEL_FILE_SYSTEMS: Readonly<Record<string, { class: SensitiveMountClass; usualPlace?: string }>> = {
  proc: { class: 'proc', usualPlace: '/proc' },
  sysfs: { class: 'sys', usualPlace: '/sys' },
  devtmpfs: { class: 'dev' },
};

/** Devices that every container has, or that runtimes use to hide something. */
const HARMLESS_DEVICES = /^\/(?:console|full|null|ptmx|pts\/.*|random|tty|urandom|zero)$/;

/** Which of the host's namespaces a container is in, and so has the host's /sys and /proc as its own. */
export interface SharedNamespaces {
  readonly net: boolean;
  readonly pid: boolean;
}

/** The sensitive mounts among those of a container's first process, each class once as read-only and once as writable. */
export function sensitiveMounts(
  mounts: readonly MountInfo[],
  host: HostPaths,
  shared: SharedNamespaces,
): readonly SensitiveMount[] {
  const found = new Map<string, SensitiveMount>();
  for (const mount of mounts) {
    const readonly = isReadonly(mount);
    for (const name of classesOf(mount, readonly, host, shared))
      found.set(`${name} ${readonly}`, { class: name, readonly });
  }
  return [...found.values()];
}

function classesOf(
  mount: MountInfo,
  readonly: boolean,
  host: HostPaths,
  shared: SharedNamespaces,
): SensitiveMountClass[] {
  if (Object.hasOwn(KERNEL_FILE_SYSTEMS, mount.filesystemType)) return kernelClassesOf(mount, host, shared);
  const paths = hostPathsOf(mount, host.mounts);
  const any = (is: (path: string) => boolean): boolean => paths.some(is);
  const classes: SensitiveMountClass[] = [];
  if (any(path => leadsToSocket(path, host))) classes.push('container_socket');
  if (any(path => path === '/')) classes.push('host_root');
  for (const [name, directories] of Object.entries(DIRECTORIES)) {
    const counts = (path: string): boolean =>
      directories.paths.includes(path) || (!readonly && directories.trees.some(tree => isWithin(path, tree)));
    if (any(counts)) classes.push(name as SensitiveMountClass);
  }
  if (any(path => leadsToDockerRoot(path, host.dockerRoot))) classes.push('docker_root');
  return classes;
}

/** A socket itself, or a directory in which one stands. */
function leadsToSocket(path: string, { containerSockets }: HostPaths): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return SOCKET_NAMES.test(name) || containerSockets.some(socket => isWithin(socket, path));
}

/** The directory itself, one that it lies in, or one of those right in it, such as `containers`. */
function leadsToDockerRoot(path: string, dockerRoot: string | undefined): boolean {
  if (dockerRoot === undefined || path === '/') return false;
  return isWithin(dockerRoot, path) || path.slice(0, path.lastIndexOf('/')) === dockerRoot;
}

/** The host's /proc, /sys or /dev, or a part of one; not the ones that every runtime mounts into every container. */
function kernelClassesOf(
  { filesystemType, mountPoint, root, device }: MountInfo,
  host: HostPaths,
  shared: SharedNamespaces,
): SensitiveMountClass[] {
  const kind = KERNEL_FILE_SYSTEMS[filesystemType];
  const isHosts = host.mounts.some(
    mount => mount.device === device && mount.filesystemType === filesystemType,
  );
  if (kind === undefined || !isHosts || HARMLESS_DEVICES.test(root)) return [];
  // In the usual place stands the host's own where the container has no namespace of its own for it.
  const isOwn = kind.class === 'sys' ? shared.net : shared.pid;
  return isOwn && kind.usualPlace !== undefined && isWithin(mountPoint, kind.usualPlace) ? [] : [kind.class];
}

/** Where on the host the files of a mount stand: by the file system and the directory of it that is mounted. */
function hostPathsOf({ device, root }: MountInfo, hostMounts: readonly MountInfo[]): string[] {
  const directory = root.replace(/\/\/deleted$/, '');
  return hostMounts
    .filter(mount => mount.device === device && isWithin(directory, mount.root))
    .map(mount =>
      join(mount.mountPoint, mount.root === '/' ? directory : directory.slice(mount.root.length)),
    );
}

function join(mountPoint: string, rest: string): string {
  const relative = rest === '/' ? '' : rest;
  return mountPoint === '/' ? relative || '/' : mountPoint + relative;
}
