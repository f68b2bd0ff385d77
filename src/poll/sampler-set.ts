import type { Container } from '../discover/container.js';
import { hierarchyToSearch } from '../locate/hierarchies.js';
import type { Hierarchy } from '../locate/hierarchies.js';
import { belongsTo, locateByMembership, locateByPath } from '../locate/locate.js';
import type { CgroupLocation, CgroupMembership } from '../locate/locate.js';
import { parseCgroupMembership } from '../parse/proc-cgroup.js';
import { findContainerCgroups } from '../read/cgroup-tree.js';
import { failureOf } from '../read/kernel-file.js';
import { ProcessList } from './process-list.js';
import { ContainerSampler } from './container-sampler.js';
import type { SamplerOptions } from './container-sampler.js';
import { ConfinementSampler } from './confinement/confinement-sampler.js';
import type { PostureMember } from './confinement/posture.js';
import { namespaceInode } from './host.js';
import type { Host } from './host.js';
import type { ReadContext } from './section-set.js';

/** A container's sampler and what identifies the run of the container that it reads. */
export interface RunningSampler {
  readonly run: string;
  readonly sampler: ContainerSampler;
  /** Absent where confinement is not collected. */
  readonly confinement: ConfinementSampler | undefined;
  readonly cgroupPath: string;
  /** Whether files of its first process are read too. */
  readonly readsProcess: boolean;
  readonly namespaceInode: number | undefined;
  /** When the slow tier's turn comes, on the monotonic clock. */
  nextSlow: number;
}

/** Holds a sampler for each run of each container: opens them where a run is new and closes them where it has ended. */
export class SamplerSet {
  readonly #running = new Map<string, RunningSampler>();
  /** The containers that there are. */
  known: ReadonlySet<string> = new Set();
  /** One walk of the tree serves all containers of a poll. */
  #searched: ReadonlyMap<string, string> | undefined;

  readonly #context: ReadContext & { readonly host: Host };
  readonly #options: SamplerOptions;

  constructor(context: ReadContext & { readonly host: Host }, options: SamplerOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The sampler of a container's present run; undefined where it does not run or its cgroup cannot be found. */
  samplerOf(container: Container): RunningSampler | undefined {
    const run = `${container.pid ?? ''} ${container.startedAtSeconds ?? ''}`;
    const known = this.#running.get(container.id);
    if (known?.run === run && !known.sampler.gone && known.confinement?.gone !== true) return known;
    this.#drop(container.id);
    if (!mayRun(container)) return undefined;
    const opened = this.#open(container, run);
    if (opened === undefined) this.#context.reporter.cgroupNotFound(container);
    else this.#running.set(container.id, opened);
    return opened;
  }

  /**
   * Whether the process that was read is still the container's. An open descriptor cannot show another process that
   * was given the same pid; a file that has to be opened anew can.
   */
  stillOwnsProcess(container: Container, { sampler }: RunningSampler): boolean {
    if (!sampler.openedProcessFile) return true;
    return belongsTo(container.id, this.#memberships(container), this.known);
  }

  /** Begins a poll of these containers: closes the samplers of all that are no more. */
  begin(ids: ReadonlySet<string>): void {
    for (const id of this.#running.keys()) if (!ids.has(id)) this.#drop(id);
    this.known = ids;
    this.#searched = undefined;
  }

  /** Makes the slow tier's turn of a container come at the next poll, as after `docker update`. */
  refresh(id: string): void {
    const running = this.#running.get(id);
    if (running !== undefined) running.nextSlow = -Infinity;
  }

  close(): void {
    for (const id of this.#running.keys()) this.#drop(id);
  }

  /** Whether what was looked at is still the container's present run. */
  isCurrent({ container, sampler }: PostureMember): boolean {
    return sampler !== undefined && this.#running.get(container.id)?.confinement === sampler;
  }

  #drop(id: string): void {
    this.#running.get(id)?.sampler.close();
    this.#running.get(id)?.confinement?.close();
    this.#running.delete(id);
  }

  #open(container: Container, run: string): RunningSampler | undefined {
    const { hierarchies } = this.#context.host.facts;
    const memberships = this.#memberships(container);
    const location =
      locateByMembership(container.id, memberships, hierarchies, this.known) ??
      this.#locateBySearch(container.id, hierarchies);
    if (location === undefined) return undefined;
    // Without a membership that names the container, nothing says that the pid is still its own.
    const pid = belongsTo(container.id, memberships, this.known) ? container.pid : undefined;
    const list = new ProcessList(location, this.#context.files, this.#context.reporter);
    return {
      run,
      sampler: new ContainerSampler(this.#context, this.#options, location, pid, list),
      confinement: this.#openConfinement(list, pid),
      cgroupPath: location.path,
      readsProcess: pid !== undefined,
      namespaceInode: pid === undefined ? undefined : namespaceInode(this.#options.procfs, pid, 'net'),
      nextSlow: -Infinity,
    };
  }

  #openConfinement(list: ProcessList, pid: number | undefined): ConfinementSampler | undefined {
    if (!this.#options.collectors.has('confinement')) return undefined;
    const { files, reporter } = this.#context;
    return new ConfinementSampler(list, pid, { procfs: this.#options.procfs, files, reporter });
  }

  /** The cgroups of the container's first process; none where it cannot be seen. */
  #memberships({ pid }: Container): readonly CgroupMembership[] {
    if (pid === undefined) return [];
    const { files, reporter } = this.#context;
    const path = `${this.#options.procfs}/${pid}/cgroup`;
    const length = files.readOnce(path);
    if (length >= 0) return parseCgroupMembership(files.bytes, length);
    reporter.readFailed('host', 'cgroup', failureOf(length), path);
    return [];
  }

  #locateBySearch(id: string, hierarchies: readonly Hierarchy[]): CgroupLocation | undefined {
    const hierarchy = hierarchyToSearch(hierarchies);
    if (hierarchy === undefined) return undefined;
    this.#searched ??= new Map(
      findContainerCgroups(hierarchy.directory).map(found => [found.containerId, found.path]),
    );
    const path = this.#searched.get(id);
    return path === undefined ? undefined : locateByPath(path, hierarchies);
  }
}

/** Whether a container may have processes. */
export function mayRun(container: Container): boolean {
  return container.state === 'running' || container.state === 'paused' || container.pid !== undefined;
}
