import { isDeepStrictEqual } from 'node:util';
import type { HostPaths } from '../../model/confinement/sensitive-mounts.js';
import type { Container } from '../../discover/container.js';
import { exists } from '../../read/files.js';
import type { Host } from '../host.js';
import type { PostureTurn } from './posture.js';

/** Where the container runtimes of a host listen by default. */
const DEFAULT_SOCKETS = [
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
];

/** What discovery knows that confinement is judged by. */
export interface RuntimeFacts {
  /** The host's directory in which the runtime keeps its data. */
  readonly storageDirectory: string | undefined;
  /** The security options of the runtime's daemon; absent where it did not tell. */
  readonly securityOptions: readonly string[] | undefined;
  /** The socket that the runtime is asked at, by its path on the host. */
  readonly runtimeSocket: string | undefined;
  /** Whether a container is known, be it shown or not. */
  knows(id: string): boolean;
}

/** What a round over all containers needs to know of the host and of the runtime. */
export class TurnMaker {
  readonly #paths: { readonly procfs: string; readonly rootfs: string };
  readonly #host: Host;
  readonly #runtime: RuntimeFacts;
  readonly #failed: (container: Container, error: unknown) => void;
  #hostPaths: HostPaths | undefined;
  readonly #kernelPaths = new Map<string, boolean>();

  constructor(
    paths: { readonly procfs: string; readonly rootfs: string },
    host: Host,
    runtime: RuntimeFacts,
    failed: (container: Container, error: unknown) => void,
  ) {
    this.#paths = paths;
    this.#host = host;
    this.#runtime = runtime;
    this.#failed = failed;
  }

  turn(
    nowSeconds: number,
    monotonicSeconds: number,
    slow: boolean,
    containerIds: ReadonlySet<string>,
  ): PostureTurn {
    const { storageDirectory, securityOptions, runtimeSocket } = this.#runtime;
    const { mounts, confinement } = this.#host.facts;
    if (slow) this.#kernelPaths.clear();
    return {
      nowSeconds,
      monotonicSeconds,
      slow,
      containerIds,
      host: confinement,
      daemonOptions: securityOptions,
      hostPaths: this.#hostPathsOf({
        mounts,
        dockerRoot: storageDirectory,
        containerSockets: [
          ...DEFAULT_SOCKETS,
          ...(runtimeSocket === undefined ? [] : placesOf(runtimeSocket)),
        ],
      }),
      kernelHas: path => this.#kernelHas(path),
      isKnown: id => this.#runtime.knows(id),
      failed: this.#failed,
    };
  }

  /** The same object as before where nothing has changed. */
  #hostPathsOf(now: HostPaths): HostPaths {
    if (!isDeepStrictEqual(this.#hostPaths, now)) this.#hostPaths = now;
    return this.#hostPaths ?? now;
  }

  /** The kernel's own files are the same in each of its /proc and /sys, so that the host's tell of all. */
  #kernelHas(path: string): boolean {
    let has = this.#kernelPaths.get(path);
    if (has === undefined) {
      const { procfs, rootfs } = this.#paths;
      has = exists(path.startsWith('/proc/') ? procfs + path.slice('/proc'.length) : rootfs + path);
      this.#kernelPaths.set(path, has);
    }
    return has;
  }
}

/** /var/run is /run by another name on every system that has one. */
function placesOf(socket: string): readonly string[] {
  return socket.startsWith('/var/run/') ? [socket, socket.slice('/var'.length)] : [socket];
}
