import type { Clock } from '../discover/clock.js';
import type { Container } from '../discover/container.js';
import { networkOwners } from '../locate/network-owner.js';
import type { ContainerSample, DiskSample } from '../model/sample.js';
import type { CollectorTimings } from './collector-timings.js';
import type { PostureMember } from './confinement/posture.js';
import type { Host } from './host.js';
import { KnownPaths } from './known-paths.js';
import type { Inventory, PollObserver, PollerOptions } from './poller.js';
import { openRootSampler } from './root-sampler.js';
import type { RootSampler } from './root-sampler.js';
import { SamplerSet } from './sampler-set.js';
import type { RunningSampler } from './sampler-set.js';
import type { ReadContext } from './section-set.js';
import { inSlices } from './slices.js';
import { readStorage } from './storage.js';
import type { Storage } from './storage.js';

/** The containers of one turn, and the samplers of those that run. */
interface Running {
  readonly containers: readonly Container[];
  readonly samplers: ReadonlyMap<string, RunningSampler>;
}

/** Reads what containers use: their cgroup files, and what of /proc belongs to it. */
export class ResourceReader {
  readonly #samplers: SamplerSet;
  readonly #paths = new KnownPaths();
  #root: RootSampler | undefined;
  #storage: Storage | undefined;

  readonly #context: ReadContext & { readonly host: Host };
  readonly #options: PollerOptions;
  readonly #inventory: Inventory;
  readonly #clock: Pick<Clock, 'nowSeconds' | 'monotonicSeconds'>;
  readonly #observer: Pick<PollObserver, 'containerFailed'>;

  constructor(
    context: ReadContext & { readonly host: Host },
    options: PollerOptions,
    inventory: Inventory,
    clock: Pick<Clock, 'nowSeconds' | 'monotonicSeconds'>,
    observer: Pick<PollObserver, 'containerFailed'>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#inventory = inventory;
    this.#clock = clock;
    this.#observer = observer;
    this.#samplers = new SamplerSet(context, options);
  }

  /** The containers that there were at the last turn. */
  get containerIds(): ReadonlySet<string> {
    return this.#samplers.known;
  }

  /** Reads all of every container. */
  async readAll(timings: CollectorTimings): Promise<readonly PostureMember[]> {
    const running = await this.#findRunning();
    const owners = this.#findNetworkOwners(running);
    return this.#members(running, (container, sampler) =>
      this.#sampleRunning(container, sampler, owners, timings),
    );
  }

  /** Reads only what was not read before: a container, or a run of one, that is new since these members were. */
  async readNew(
    before: readonly PostureMember[],
    timings: CollectorTimings,
  ): Promise<readonly PostureMember[]> {
    const running = await this.#findRunning();
    const owners = this.#findNetworkOwners(running);
    const known = new Map(before.map(member => [member.container.id, member]));
    return this.#members(running, (container, sampler) => {
      const member = known.get(container.id);
      const isKnown =
        member !== undefined &&
        member.sampler === sampler.confinement &&
        this.#clock.monotonicSeconds() < sampler.nextSlow;
      return isKnown
        ? { ...member, container, slow: false }
        : this.#sampleRunning(container, sampler, owners, timings);
    });
  }

  /** Reads the root cgroup, which is the whole host, where it is asked for. */
  readRoot(slow: boolean, timings: CollectorTimings): readonly ContainerSample[] {
    if (!this.#options.root) return [];
    this.#root ??= openRootSampler(this.#context, this.#options);
    const startedAtSeconds = this.#context.host.facts.bootedAtSeconds;
    const nowSeconds = this.#clock.nowSeconds();
    return this.#root === undefined
      ? []
      : [this.#root.sample({ nowSeconds, startedAtSeconds, slow }, timings)];
  }

  /** Asks the file system of the writable layers for its size. */
  readStorage(): void {
    const { storageDirectory } = this.#inventory;
    if (this.#options.collectors.has('disk') && storageDirectory !== undefined)
      this.#storage = readStorage(storageDirectory, this.#options.rootfs, this.#context.host.facts.mounts);
  }

  /** Reads the slow tier of one container at the next turn. */
  refresh(id: string): void {
    this.#samplers.refresh(id);
  }

  /** Whether what was read is of the container's present run. */
  isCurrent(member: PostureMember): boolean {
    return this.#samplers.isCurrent(member);
  }

  /** Gives back every descriptor. */
  close(): void {
    this.#samplers.close();
    this.#root?.close();
  }

  async #findRunning(): Promise<Running> {
    const containers = this.#inventory.containers();
    const ids = new Set(containers.map(container => container.id));
    this.#samplers.begin(ids);
    this.#paths.keepOnly(ids);
    const samplers = new Map<string, RunningSampler>();
    await this.#forEach(containers, container => {
      const sampler = this.#samplers.samplerOf(container);
      if (sampler === undefined) return;
      samplers.set(container.id, sampler);
      this.#paths.seen(container, sampler.cgroupPath);
    });
    return { containers, samplers };
  }

  async #members(
    { containers, samplers }: Running,
    read: (container: Container, sampler: RunningSampler) => PostureMember,
  ): Promise<readonly PostureMember[]> {
    const members: PostureMember[] = [];
    await this.#forEach(containers, container => {
      const sampler = samplers.get(container.id);
      if (sampler !== undefined) members.push(read(container, sampler));
      else if (this.#inventory.current || container.pid === undefined)
        members.push(this.#identityOnly(container));
    });
    return members;
  }

  /** Does a piece of work for each container; whatever it throws costs that container alone. */
  #forEach(containers: readonly Container[], work: (container: Container) => void): Promise<void> {
    const observer = this.#observer;
    function* steps(): Generator<void, void, undefined> {
      for (const container of containers) {
        try {
          work(container);
        } catch (error) {
          observer.containerFailed(container, error);
        }
        yield;
      }
    }
    return inSlices(steps(), () => this.#clock.monotonicSeconds());
  }

  #findNetworkOwners({ containers, samplers }: Running): ReadonlySet<string> {
    const members = containers.flatMap(container => {
      const sampler = samplers.get(container.id);
      return sampler === undefined ? [] : [{ container, namespaceInode: sampler.namespaceInode }];
    });
    return networkOwners(members, this.#context.host.facts.confinement.namespaces.net);
  }

  #sampleRunning(
    container: Container,
    running: RunningSampler,
    owners: ReadonlySet<string>,
    timings: CollectorTimings,
  ): PostureMember {
    const now = this.#clock.monotonicSeconds();
    const slow = now >= running.nextSlow;
    // A runtime may set limits after it has started the processes, so the second read is of the slow tier too.
    const again = running.nextSlow === -Infinity;
    if (slow) running.nextSlow = again ? now : now + this.#options.slowIntervalSeconds * spread(container.id);
    const { startedAtSeconds } = container;
    const disk = this.#diskOf(container.id);
    const countsNetwork = owners.has(container.id);
    const turn = { nowSeconds: this.#clock.nowSeconds(), startedAtSeconds, disk, slow, countsNetwork };
    const sample = running.sampler.sample(container, turn, timings);
    const member = { container, sampler: running.confinement, sample, slow };
    if (!running.readsProcess) {
      if (container.pid !== undefined) this.#context.reporter.processNotFound(container);
      return member;
    }
    if (this.#samplers.stillOwnsProcess(container, running)) return member;
    running.sampler.gone = true;
    return { ...member, sample: { ...sample, network: undefined } };
  }

  #diskOf(id: string): DiskSample | undefined {
    return this.#storage && { ...this.#storage, usageBytes: this.#inventory.writableLayerBytes(id) };
  }

  #identityOnly(container: Container): PostureMember {
    const { cgroupDriver } = this.#inventory;
    const sample = {
      ...NOTHING_READ,
      container,
      startedAtSeconds: container.startedAtSeconds,
      disk: this.#diskOf(container.id),
      cgroupPath: this.#paths.pathOf(container, cgroupDriver),
    };
    return { container, sampler: undefined, sample, slow: false };
  }
}

const NOTHING_READ: Omit<ContainerSample, 'container' | 'cgroupPath' | 'startedAtSeconds' | 'disk'> = {
  sampledAtSeconds: undefined,
  cpu: undefined,
  memory: undefined,
  blkio: undefined,
  pressure: undefined,
  tasks: undefined,
  processes: undefined,
  network: undefined,
  processDetails: undefined,
  confinement: undefined,
};

/** Between 0.75 and 1.25, the same for one container at all times, so that the slow tiers of many do not meet in one poll. */
function spread(id: string): number {
  return 0.75 + Number.parseInt(id.slice(0, 4), 16) / 0x2_0000;
}
