/** A container as the path of its cgroup names it. */
export interface CgroupContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly runtime: 'docker' | 'podman' | 'containerd' | 'cri-o';
  /** The container's own cgroup, also where the path that was given lies below it. */
  readonly path: string;
}

const RUNTIMES = {
  docker: 'docker',
  libpod: 'podman',
  'cri-containerd': 'containerd',
  nerdctl: 'containerd',
  crio: 'cri-o',
} as const;

/**
 * The container that a cgroup belongs to: `/docker/<id>`, `/system.slice/docker-<id>.scope`,
 * `/machine.slice/libpod-<id>.scope`, `/kubepods/…/<id>`, and everything below one of these; the outermost
 * where containers nest. A runtime's monitor (`libpod-conmon-<id>.scope`) is no container.
 * The names are those of the cgroup drivers of the runtimes.
 */
export function containerOfCgroup(path: string): CgroupContainer | undefined {
  let end = 0;
  while (end < path.length) {
    const start = end + 1;
    end = path.indexOf('/', start);
    end = end === -1 ? path.length : end;
    const match = CONTAINER.exec(path.slice(start, end));
    if (match?.[2] !== undefined) {
      return { id: match[2], runtime: runtimeOf(match[1], path), path: path.slice(0, end) };
    }
  }
  return undefined;
}

/** `cri-containerd` is also written with colons where systemd's form is used without systemd. */
const CONTAINER =
  /^(?:[^:]*:)?(?:(docker|libpod|cri-containerd|nerdctl|crio)[-:])?([0-9a-f]{64})(?:\.scope)?$/;

function runtimeOf(prefix: string | undefined, path: string): CgroupContainer['runtime'] {
  const named = Object.entries(RUNTIMES).find(([name]) => name === prefix)?.[1];
  return named ?? (path.startsWith('/kubepods') ? 'containerd' : 'docker');
}
