import type { Container } from '../discover/container.js';
import type { NetworkDevice } from '../parse/net-dev.js';
import type { ConfinementSample } from './confinement/sample.js';
import type { TaskCounts } from './tasks.js';

/**
 * Everything one poll found. Absent fields are values of their own: a file that this kernel does not have, or that
 * could not be read, leaves its field absent, never zero. `Infinity` in a limit means that the kernel sets no limit.
 */
export interface Snapshot {
  readonly takenAtSeconds: number;
  readonly containers: readonly ContainerSample[];
}

/** One container, or the root cgroup, at one moment. */
export interface ContainerSample {
  /** Absent for the root cgroup. */
  readonly container: Container | undefined;
  /** The cgroup's path below the root of its hierarchy, such as `/docker/<id>`; `/` for the root cgroup. */
  readonly cgroupPath: string;
  /** The container's last start; for the root cgroup, the host's. */
  readonly startedAtSeconds: number | undefined;
  /** When the kernel's files were last read with success. */
  readonly sampledAtSeconds: number | undefined;
  readonly cpu: CpuSample | undefined;
  readonly memory: MemorySample | undefined;
  readonly blkio: BlkioSample | undefined;
  readonly pressure: PressureSample | undefined;
  readonly tasks: TaskCounts | undefined;
  /** How many processes the container's cgroup and the cgroups below it hold. */
  readonly processes: number | undefined;
  readonly network: NetworkSample | undefined;
  readonly processDetails: ProcessDetails | undefined;
  readonly disk: DiskSample | undefined;
  /** Absent while it does not run. */
  readonly confinement: ConfinementSample | undefined;
}

export interface CpuSample {
  readonly usageSeconds: number | undefined;
  readonly userSeconds: number | undefined;
  readonly systemSeconds: number | undefined;
  /** One per CPU; only where cgroup v1 tells it and it was asked for. */
  readonly perCpuUsageSeconds: readonly number[] | undefined;
  readonly periods: number | undefined;
  readonly throttledPeriods: number | undefined;
  readonly throttledSeconds: number | undefined;
  readonly burstPeriods: number | undefined;
  readonly burstSeconds: number | undefined;
  readonly quotaMicroseconds: number | undefined;
  readonly periodMicroseconds: number | undefined;
  readonly shares: number | undefined;
}

export interface MemorySample {
  readonly usageBytes: number | undefined;
  /** Usage without the page cache that the kernel would drop first: what `docker stats` shows. */
  readonly workingSetBytes: number | undefined;
  readonly rssBytes: number | undefined;
  readonly cacheBytes: number | undefined;
  readonly swapBytes: number | undefined;
  readonly mappedFileBytes: number | undefined;
  readonly kernelBytes: number | undefined;
  readonly maxUsageBytes: number | undefined;
  readonly activeFileBytes: number | undefined;
  readonly inactiveFileBytes: number | undefined;
  readonly fileDirtyBytes: number | undefined;
  readonly fileWritebackBytes: number | undefined;
  /** How often usage met the limit. */
  readonly limitHits: number | undefined;
  readonly pageFaults: number | undefined;
  readonly majorPageFaults: number | undefined;
  readonly hierarchyPageFaults: number | undefined;
  readonly hierarchyMajorPageFaults: number | undefined;
  readonly highEvents: number | undefined;
  readonly maxEvents: number | undefined;
  readonly oomKills: number | undefined;
  readonly pagesScanned: number | undefined;
  readonly pagesReclaimed: number | undefined;
  readonly fileRefaults: number | undefined;
  readonly anonymousRefaults: number | undefined;
  readonly limitBytes: number | undefined;
  /** Memory and swap together, as cgroup v1 and `docker run --memory-swap` count it. */
  readonly swapLimitBytes: number | undefined;
  readonly reservationBytes: number | undefined;
}

/** Block I/O by device since the cgroup was made. */
export interface BlkioSample {
  readonly devices: readonly BlkioDevice[];
}

export interface BlkioDevice {
  /** Such as `/dev/sda`; `8:0` where the host does not tell its name. */
  readonly device: string;
  readonly major: number;
  readonly minor: number;
  /** By operation in the kernel's words: `Read`, `Write`, `Discard`; cgroup v1 adds `Sync`, `Async` and `Total`. */
  readonly bytes: readonly BlkioCount[];
  readonly operations: readonly BlkioCount[];
}

export interface BlkioCount {
  readonly operation: string;
  readonly count: number;
}

/** Pressure stall information: `waiting` when some tasks stalled, `stalled` when all did. */
export interface PressureSample {
  readonly cpu: PressureTotals;
  readonly memory: PressureTotals;
  readonly io: PressureTotals;
}

export interface PressureTotals {
  readonly waitingSeconds: number | undefined;
  readonly stalledSeconds: number | undefined;
}

export interface NetworkSample {
  readonly interfaces: readonly NetworkDevice[];
}

/** Sums over all processes of the container; read in the slow tier. */
export interface ProcessDetails {
  readonly fileDescriptors: number | undefined;
  readonly sockets: number | undefined;
  readonly taskStates: TaskStates | undefined;
  readonly softLimits: readonly SoftLimit[] | undefined;
}

export const TASK_STATES = ['sleeping', 'running', 'stopped', 'uninterruptible'] as const;
export type TaskStates = Readonly<Record<(typeof TASK_STATES)[number], number>>;

export interface SoftLimit {
  readonly name: string;
  readonly value: number;
}

/** The file system that holds the container's writable layer. */
export interface DiskSample {
  /** Such as `/dev/sda1`. */
  readonly device: string;
  /** Of the writable layer alone. */
  readonly usageBytes: number | undefined;
  readonly limitBytes: number;
  readonly inodesFree: number;
  readonly inodesTotal: number;
}
