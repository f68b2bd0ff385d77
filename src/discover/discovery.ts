import { findCgroupContainers, type CgroupTree } from './cgroup-discovery.js';
import type { Clock } from './clock.js';
import type { Container } from './container.js';
import { isShown, type ContainerFilters } from './container-visibility.js';
import { createDockerClient, type DockerClientOptions, type DockerRequest } from './docker-client.js';
import { createLayerSizes } from './layer-sizes.js';
import { DockerDiscovery } from './docker-discovery.js';
import type { DockerError } from './docker-error.js';
import type { DockerHost } from './docker-reply.js';
import { EVENT_DECISIONS } from './inventory.js';

/** `--discovery`: Docker, the cgroup tree, or Docker with the cgroup tree for as long as it never answered. */
export type DiscoveryMode = 'auto' | 'docker' | 'cgroup';

export interface DiscoveryOptions {
  readonly mode: DiscoveryMode;
  /** `--docker.host`. */
  readonly dockerHost?: string | undefined;
  /** For one answer of the Docker API. */
  readonly timeoutSeconds: number;
  /** Between two full lists of Docker's containers; 30 s is a good value. */
  readonly reconcileSeconds: number;
  readonly filters: ContainerFilters;
  /** Which of a container's labels are kept. */
  readonly keepLabel: (name: string) => boolean;
  /** Between two rounds of asking for the sizes of writable layers; absent: never asked. */
  readonly layerSizesSeconds?: number | undefined;
  /** The pauses between attempts at a Docker that does not answer. */
  readonly retry?: { readonly minSeconds: number; readonly maxSeconds: number };
}

export interface DiscoveryDependencies extends Pick<
  DockerClientOptions,
  'env' | 'homeDirectory' | 'socketExists' | 'readCertificate'
> {
  readonly cgroupTree: CgroupTree;
  readonly clock: Clock;
  /** As Math.random. */
  readonly random: () => number;
  readonly log: DiscoveryLog;
  readonly observer: DiscoveryObserver;
}

/** Called once per change of state. */
export interface DiscoveryLog {
  info(message: string): void;
  warn(message: string): void;
}

/** What the daemon tells about its own dealings with Docker. Not called at all in mode `cgroup`. */
export interface DiscoveryObserver {
  dockerUp(up: boolean): void;
  /** The code is an HTTP status, or a word for why there is none: `timeout`, `refused`, `missing`… */
  request(endpoint: DockerRequest, code: string, seconds: number): void;
  eventStream(connected: boolean): void;
  /** One of a fixed set, else `other`. */
  event(action: string): void;
  reconciled(): void;
}

/** Which containers there are. */
export interface Discovery {
  /** Resolves after the first attempt; never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Answers at once from what is known, whatever Docker does; with the cgroup tree, from one walk of it. */
  containers(): readonly Container[];
  /** Absent until a Docker daemon answered. */
  readonly dockerHost: DockerHost | undefined;
  /** The last full list succeeded. */
  readonly dockerUp: boolean;
  /** The socket at which the runtime is asked; absent where it is asked in another way, or not at all. */
  readonly runtimeSocket: string | undefined;
  /** Whether a container is known, be it shown or hidden by a filter. */
  knows(id: string): boolean;
  /** How large a container's writable layer is; absent where that is not asked or not told. */
  writableLayerBytes(id: string): number | undefined;
  /** The limits or the processes of a container may have changed: it was started, or updated. */
  onUpdate(listener: (id: string) => void): void;
  /** A process was started in a container that runs. */
  onProcess(listener: (id: string) => void): void;
}

const RETRY = { minSeconds: 0.5, maxSeconds: 30 };
const REFRESH_SECONDS = 600;

export function createDiscovery(options: DiscoveryOptions, dependencies: DiscoveryDependencies): Discovery {
  return options.mode === 'cgroup'
    ? cgroupDiscovery(options, dependencies)
    : dockerDiscovery(options, dependencies);
}

function cgroupDiscovery(
  { filters }: DiscoveryOptions,
  { cgroupTree, log }: DiscoveryDependencies,
): Discovery {
  return {
    start: async () => log.info('containers are found in the cgroup tree, by id and without names'),
    stop: async () => undefined,
    containers: () => shownCgroupContainers(cgroupTree, filters),
    dockerHost: undefined,
    dockerUp: false,
    writableLayerBytes: () => undefined,
    runtimeSocket: undefined,
    // The tree shows every container that there is.
    knows: () => true,
    onUpdate: () => undefined,
    onProcess: () => undefined,
  };
}

function dockerDiscovery(options: DiscoveryOptions, dependencies: DiscoveryDependencies): Discovery {
  const { clock, random, log, observer, cgroupTree } = dependencies;
  const { filters, mode, reconcileSeconds, retry = RETRY } = options;
  const listeners: Record<'update' | 'process', ((id: string) => void)[]> = { update: [], process: [] };
  const client = createDockerClient({
    ...dependencies,
    ...options,
    host: options.dockerHost,
    onRequest: (request, code, seconds) => observer.request(request, code, seconds),
  });
  let everUp = false;
  const docker = new DockerDiscovery(
    { filters, reconcileSeconds, refreshSeconds: REFRESH_SECONDS, retry },
    {
      client,
      clock,
      random,
      onState(failure) {
        logState(failure, { everUp, mode, host: docker.host, address: client.address, log });
        everUp ||= failure === undefined;
        observer.dockerUp(failure === undefined);
      },
      onEventStream: connected => observer.eventStream(connected),
      onEvent: action => observer.event(Object.hasOwn(EVENT_DECISIONS, action) ? action : 'other'),
      onReconciled: () => observer.reconciled(),
      onUpdate: id => listeners.update.forEach(listener => listener(id)),
      onProcess: id => listeners.process.forEach(listener => listener(id)),
    },
  );
  const sizes = createLayerSizes({
    client,
    clock,
    intervalSeconds: options.layerSizesSeconds,
    containerIds: () => docker.containers().map(({ id }) => id),
  });
  return {
    start: () => docker.start().then(() => sizes.start()),
    stop() {
      sizes.stop();
      return docker.stop();
    },
    writableLayerBytes: id => sizes.bytesOf(id),
    containers: () =>
      mode === 'docker' || docker.up
        ? docker.containers()
        : docker.containers().concat(unknownTo(docker, shownCgroupContainers(cgroupTree, filters))),
    get dockerHost() {
      return docker.host;
    },
    get dockerUp() {
      return docker.up;
    },
    get runtimeSocket() {
      return socketPath(client.address);
    },
    knows: id => (mode === 'auto' && !docker.up) || docker.knows(id),
    onUpdate: listener => listeners.update.push(listener),
    onProcess: listener => listeners.process.push(listener),
  };
}

function unknownTo(docker: DockerDiscovery, containers: readonly Container[]): Container[] {
  return containers.filter(({ id }) => !docker.knows(id));
}

function socketPath(address: string | undefined): string | undefined {
  return address?.startsWith('unix://') === true ? address.slice('unix://'.length) : undefined;
}

function shownCgroupContainers(tree: CgroupTree, filters: ContainerFilters): Container[] {
  return findCgroupContainers(tree).filter(container => isShown(container, filters));
}

interface StateForLog {
  readonly everUp: boolean;
  readonly mode: DiscoveryMode;
  readonly host: DockerHost | undefined;
  readonly address: string | undefined;
  readonly log: DiscoveryLog;
}

function logState(failure: DockerError | undefined, { everUp, mode, host, address, log }: StateForLog): void {
  if (failure === undefined) {
    const engine = host?.engine === 'podman' ? 'Podman' : 'Docker';
    log.info(`${engine} ${host?.version ?? ''} answers at ${address ?? 'its endpoint'}`);
  } else if (everUp) {
    log.warn(`${failure.message}; until it answers, the containers known last are watched on`);
  } else if (mode === 'docker') {
    log.warn(`${failure.message}; trying again until it answers`);
  } else if (failure.code === 'missing') {
    log.info(
      `${failure.message}; until then containers are found in the cgroup tree, by id and without names`,
    );
  } else {
    log.warn(
      `${failure.message}; until it answers, containers are found in the cgroup tree, by id and without names`,
    );
  }
}
