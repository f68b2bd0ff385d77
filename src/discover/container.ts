/** The life-cycle states of the Docker Engine API (`State.Status` of `GET /containers/{id}/json`). */
export const CONTAINER_STATES = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

/** The health check verdicts of the Docker Engine API; `none` is a container without a health check. */
export const HEALTH_STATUSES = ['none', 'starting', 'healthy', 'unhealthy'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/**
 * One container as its runtime describes it: identity, life and configuration, nothing measured.
 * A field that the runtime did not tell is absent. Containers found in the cgroup tree alone have
 * an id, a short id for a name, and the state `running`.
 */
export interface Container {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  /** The image as the user named it; empty where the runtime was not asked. */
  readonly image: string;
  readonly imageId?: string;
  /** Only the labels that discovery was told to keep. */
  readonly labels: ReadonlyMap<string, string>;
  readonly state: ContainerState;
  /** The first process, in the pid namespace of the daemon that started it; absent when none runs. */
  readonly pid?: number;
  readonly createdAtSeconds?: number;
  readonly startedAtSeconds?: number;
  readonly finishedAtSeconds?: number;
  /** Of the last exit; absent before the first one. */
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  /** Starts after the first one: the runtime's own count at first sight plus every start seen since. Never goes back. */
  readonly restarts?: number;
  readonly health?: ContainerHealth;
  readonly configuration: ContainerConfiguration;
  /** Which discovery found it. */
  readonly source: 'docker' | 'cgroup';
}

export interface ContainerHealth {
  readonly status: HealthStatus;
  readonly failingStreak: number;
}

/** What was asked for at `docker create`, in Docker's own words (`HostConfig` of an inspect reply). */
export interface ContainerConfiguration {
  readonly runtime?: string;
  readonly restartPolicy?: string;
  readonly networkMode?: string;
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly utsMode?: string;
  readonly usernsMode?: string;
  readonly cgroupnsMode?: string;
  readonly cgroupParent?: string;
  readonly privileged?: boolean;
  readonly readonlyRootfs?: boolean;
  /** `Config.User`: a name or number, with `:group` where one was given. */
  readonly user?: string;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** `SecurityOpt`; a seccomp profile given in full is shortened to `seccomp=custom`. */
  readonly securityOptions?: readonly string[];
  readonly appArmorProfile?: string;
  /** Paths of /proc and /sys that the runtime hides, and makes read-only; absent where it does not tell. */
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly memoryLimitBytes?: number;
  readonly cpuLimitCores?: number;
  readonly pidsLimit?: number;
}
