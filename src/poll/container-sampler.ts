import type { CollectorName } from '../config/collectors.js';
import type { Container } from '../discover/container.js';
import type { CgroupLocation } from '../locate/locate.js';
import type {
  BlkioSample,
  ContainerSample,
  CpuSample,
  DiskSample,
  MemorySample,
  NetworkSample,
} from '../model/sample.js';
import type { PressureSample, ProcessDetails } from '../model/sample.js';
import type { TaskCounts } from '../model/tasks.js';
import type { CollectorTimings } from './collector-timings.js';
import type { ProcessList } from './process-list.js';
import { readProcessDetails } from './process-details.js';
import type { SectionReader } from './section-reader.js';
import { SectionSet } from './section-set.js';
import type { ReadContext } from './section-set.js';

export interface SamplerOptions {
  readonly procfs: string;
  readonly collectors: ReadonlySet<CollectorName>;
}

/** One turn of a sampler. */
export interface Turn {
  readonly nowSeconds: number;
  readonly startedAtSeconds: number | undefined;
  /** What is known of the container's writable layer. */
  readonly disk: DiskSample | undefined;
  /** Whether the slow tier's turn has come. */
  readonly slow: boolean;
  /** Whether the network counters of its namespace are to be counted for this container. */
  readonly countsNetwork: boolean;
}

/**
 * Reads one running container, or the root cgroup, poll after poll, through files it keeps open. It belongs to one
 * run of the container: another start gets another sampler.
 */
export class ContainerSampler {
  /** Whether the last turn found that the container's cgroup or first process has ended. */
  gone = false;
  /** Whether the last turn opened a file of the first process, which may be another's by now. */
  openedProcessFile = false;
  private readonly cpu: SectionReader<CpuSample> | undefined;
  private readonly perCpu: SectionReader<readonly number[] | undefined> | undefined;
  private readonly memory: SectionReader<MemorySample> | undefined;
  private readonly blkio: SectionReader<BlkioSample | undefined> | undefined;
  private readonly pressure: SectionReader<PressureSample> | undefined;
  private readonly tasks: SectionReader<TaskCounts> | undefined;
  private readonly network: SectionReader<NetworkSample | undefined> | undefined;
  private readonly processes: ProcessList | undefined;
  /** Whether a look at its processes follows in each poll, which lists and counts them too. */
  private readonly isLookedAt: boolean;
  private details: ProcessDetails | undefined;

  private readonly context: ReadContext;
  private readonly options: SamplerOptions;
  private readonly location: CgroupLocation;
  private readonly pid: number | undefined;

  constructor(
    context: ReadContext,
    options: SamplerOptions,
    location: CgroupLocation,
    pid: number | undefined,
    list: ProcessList | undefined,
  ) {
    this.context = context;
    this.options = options;
    this.location = location;
    this.pid = pid;
    const { collectors, procfs } = options;
    const sections = new SectionSet(context, location, pid === undefined ? undefined : `${procfs}/${pid}`);
    this.cpu = collectors.has('cpu') ? sections.cgroup('cpu') : undefined;
    this.perCpu = collectors.has('percpu') ? sections.perCpu() : undefined;
    this.memory = collectors.has('memory') ? sections.cgroup('memory') : undefined;
    this.blkio = collectors.has('blkio') ? sections.cgroup('blkio') : undefined;
    this.pressure = collectors.has('pressure') ? sections.pressure() : undefined;
    this.tasks = collectors.has('processes') ? sections.cgroup('tasks') : undefined;
    this.processes = collectors.has('processes') ? list : undefined;
    this.isLookedAt = collectors.has('confinement');
    this.network = collectors.has('network') ? sections.process('network') : undefined;
  }

  /** Reads all that this turn asks for. */
  sample(container: Container | undefined, turn: Turn, timings: CollectorTimings): ContainerSample {
    const { slow } = turn;
    timings.start();
    const cpu = this.cpu?.read(slow);
    const perCpuUsageSeconds = this.perCpu?.read(slow);
    timings.lap('cpu');
    const memory = this.memory?.read(slow);
    timings.lap('memory');
    const blkio = this.blkio?.read(slow);
    timings.lap('blkio');
    const pressure = this.pressure?.read(slow);
    timings.lap('pressure');
    const tasks = this.tasks?.read(slow);
    const pids = slow || !this.isLookedAt ? this.processes?.read(slow) : undefined;
    if (slow) this.details = this.readDetails(container, pids);
    timings.lap('processes');
    this.openedProcessFile = turn.countsNetwork && this.network?.reopens === true;
    const network = turn.countsNetwork ? this.network?.read(slow) : undefined;
    timings.lap('network');
    this.gone = this.hasEnded();
    return {
      container,
      cgroupPath: this.location.path,
      startedAtSeconds: turn.startedAtSeconds,
      sampledAtSeconds: this.gone ? undefined : turn.nowSeconds,
      cpu: cpu && perCpuUsageSeconds ? { ...cpu, perCpuUsageSeconds } : cpu,
      memory,
      blkio,
      pressure,
      tasks,
      processes: pids?.length,
      network,
      processDetails: this.details,
      disk: turn.disk,
      confinement: undefined,
    };
  }

  /** Gives back every descriptor that is held for this container. */
  close(): void {
    this.cpu?.close();
    this.perCpu?.close();
    this.memory?.close();
    this.blkio?.close();
    this.pressure?.close();
    this.tasks?.close();
    this.processes?.close();
    this.network?.close();
  }

  private hasEnded(): boolean {
    return this.cpu?.gone === true || this.memory?.gone === true || this.tasks?.gone === true;
  }

  /** The root cgroup's processes are the host's: no exporter of containers sums those. */
  private readDetails(
    container: Container | undefined,
    pids: readonly number[] | undefined,
  ): ProcessDetails | undefined {
    if (container === undefined || pids === undefined) return undefined;
    const visible = pids.filter(pid => pid > 0);
    return readProcessDetails(this.options.procfs, this.pid, visible, this.context.files);
  }
}
