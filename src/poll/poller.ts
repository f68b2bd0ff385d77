import type { Clock } from '../discover/clock.js';
import type { Container } from '../discover/container.js';
import { networkOwners } from '../locate/network-owner.js';
import type { ContainerSample, DiskSample, Snapshot } from '../model/sample.js';
import { CollectorTimings } from './collector-timings.js';
import type { SamplerOptions } from './container-sampler.js';
import type { Host } from './host.js';
import { KnownPaths } from './known-paths.js';
import { openRootSampler } from './root-sampler.js';
import type { RootSampler } from './root-sampler.js';
import { readStorage } from './storage.js';
import type { Storage } from './storage.js';
import { SamplerSet } from './sampler-set.js';
import type { RunningSampler } from './sampler-set.js';
import type { ReadContext } from './section-set.js';

/** How long reading goes on before the event loop has its turn. */
const SLICE_SECONDS = 0.004;

export interface PollerOptions extends SamplerOptions {
  readonly slowIntervalSeconds: number;
  /** Where this process sees the host's root directory. */
  readonly rootfs: string;
  /** Whether the root cgroup is sampled too. */
  readonly root: boolean;
}

/** What a poll takes from discovery. */
export interface Inventory {
  containers(): readonly Container[];
  readonly cgroupDriver: string | undefined;
  /** The host's directory in which the runtime keeps writable layers. */
  readonly storageDirectory: string | undefined;
  writableLayerBytes(id: string): number | undefined;
  /** Whether the containers' runtime answers; while it does not, those whose processes have ended are left out. */
  readonly current: boolean;
}

export interface PollObserver {
  polled(seconds: number, timings: CollectorTimings, snapshot: Snapshot): void;
  /** A container that cannot be read at all, for a reason that is none of its files'. */
  containerFailed(container: Container, error: unknown): void;
}

/** Takes snapshots of all containers, in slices that leave the event loop free. */
export class Poller {
  latest: Snapshot | undefined;
  #latestBegun = -Infinity;
  #underWay: Promise<Snapshot> | undefined;
  readonly #samplers: SamplerSet;
  readonly #paths = new KnownPaths();
  #root: RootSampler | undefined;
  #storage: Storage | undefined;
  #nextHostSlow = -Infinity;

  readonly #context: ReadContext & { readonly host: Host };
  readonly #options: PollerOptions;
  readonly #inventory: Inventory;
  readonly #clock: Pick<Clock, 'nowSeconds' | 'monotonicSeconds'>;
  readonly #observer: PollObserver;

  constructor(
    context: ReadContext & { readonly host: Host },
    options: PollerOptions,
    inventory: Inventory,
    clock: Pick<Clock, 'nowSeconds' | 'monotonicSeconds'>,
    observer: PollObserver,
  ) {
    this.#context = context;
    this.#options = options;
    this.#inventory = inventory;
    this.#clock = clock;
    this.#observer = observer;
    this.#samplers = new SamplerSet(context, options);
  }

  /** A snapshot that was begun no earlier than `maxAgeSeconds` ago; whoever asks during a poll shares it. */
  snapshot(maxAgeSeconds: number): Promise<Snapshot> {
    if (this.latest !== undefined && this.ageSeconds() < maxAgeSeconds) return Promise.resolve(this.latest);
    this.#underWay ??= this.#poll().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  /** How long ago the latest snapshot was begun; Infinity before the first one. */
  ageSeconds(): number {
    return this.#clock.monotonicSeconds() - this.#latestBegun;
  }

  /** Reads the slow tier of one container at the next poll. */
  refresh(id: string): void {
    this.#samplers.refresh(id);
  }

  /** Gives back every descriptor. */
  async close(): Promise<void> {
    await this.#underWay;
    this.#samplers.close();
    this.#root?.close();
  }

  async #poll(): Promise<Snapshot> {
    const begun = this.#clock.monotonicSeconds();
    const nowSeconds = this.#clock.nowSeconds();
    const timings = new CollectorTimings(() => this.#clock.monotonicSeconds());
    const slowHost = begun >= this.#nextHostSlow;
    if (slowHost) this.#refreshHost(begun);
    const containers = this.#inventory.containers();
    const ids = new Set(containers.map(container => container.id));
    this.#samplers.begin(ids);
    this.#paths.keepOnly(ids);
    const running = new Map<string, RunningSampler>();
    await this.#inSlices(containers, container => {
      const sampler = this.#samplers.samplerOf(container);
      if (sampler === undefined) return;
      running.set(container.id, sampler);
      this.#paths.seen(container, sampler.cgroupPath);
    });
    const owners = this.#findNetworkOwners(containers, running);
    const samples: ContainerSample[] = this.#sampleRoot(nowSeconds, slowHost, timings);
    await this.#inSlices(containers, container => {
      const sampler = running.get(container.id);
      if (sampler !== undefined)
        samples.push(this.#sampleRunning(container, sampler, nowSeconds, owners, timings));
      else if (this.#inventory.current || container.pid === undefined)
        samples.push(this.#identityOnly(container));
    });
    this.latest = { takenAtSeconds: nowSeconds, containers: samples };
    this.#latestBegun = begun;
    this.#observer.polled(this.#clock.monotonicSeconds() - begun, timings, this.latest);
    return this.latest;
  }

  /** Does a piece of work for each container; whatever it throws costs that container alone. */
  async #inSlices(containers: readonly Container[], work: (container: Container) => void): Promise<void> {
    let sliceEnds = this.#clock.monotonicSeconds() + SLICE_SECONDS;
    for (const container of containers) {
      try {
        work(container);
      } catch (error) {
        this.#observer.containerFailed(container, error);
      }
      if (this.#clock.monotonicSeconds() < sliceEnds) continue;
      await new Promise(resolve => setImmediate(resolve));
      sliceEnds = this.#clock.monotonicSeconds() + SLICE_SECONDS;
    }
  }

  #refreshHost(monotonicSeconds: number): void {
    this.#nextHostSlow = monotonicSeconds + this.#options.slowIntervalSeconds;
    this.#context.host.refresh();
    const { storageDirectory } = this.#inventory;
    if (this.#options.collectors.has('disk') && storageDirectory !== undefined)
      this.#storage = readStorage(storageDirectory, this.#options.rootfs, this.#context.host.facts.mounts);
  }

  #findNetworkOwners(
    containers: readonly Container[],
    running: ReadonlyMap<string, RunningSampler>,
  ): ReadonlySet<string> {
    const members = containers.flatMap(container => {
      const sampler = running.get(container.id);
      return sampler === undefined ? [] : [{ container, namespaceInode: sampler.namespaceInode }];
    });
    return networkOwners(members, this.#context.host.facts.networkNamespaceInode);
  }

  #sampleRoot(nowSeconds: number, slow: boolean, timings: CollectorTimings): ContainerSample[] {
    if (!this.#options.root) return [];
    this.#root ??= openRootSampler(this.#context, this.#options);
    const startedAtSeconds = this.#context.host.facts.bootedAtSeconds;
    return this.#root === undefined
      ? []
      : [this.#root.sample({ nowSeconds, startedAtSeconds, slow }, timings)];
  }

  #sampleRunning(
    container: Container,
    running: RunningSampler,
    nowSeconds: number,
    owners: ReadonlySet<string>,
    timings: CollectorTimings,
  ): ContainerSample {
    const now = this.#clock.monotonicSeconds();
    const slow = now >= running.nextSlow;
    if (slow) running.nextSlow = now + this.#options.slowIntervalSeconds * spread(container.id);
    const { startedAtSeconds } = container;
    const disk = this.#diskOf(container.id);
    const countsNetwork = owners.has(container.id);
    const turn = { nowSeconds, startedAtSeconds, disk, slow, countsNetwork };
    const sample = running.sampler.sample(container, turn, timings);
    if (!running.readsProcess) {
      if (container.pid !== undefined) this.#context.reporter.processNotFound(container);
      return sample;
    }
    if (this.#samplers.stillOwnsProcess(container, running)) return sample;
    running.sampler.gone = true;
    return { ...sample, network: undefined, confinement: undefined };
  }

  #diskOf(id: string): DiskSample | undefined {
    return this.#storage && { ...this.#storage, usageBytes: this.#inventory.writableLayerBytes(id) };
  }

  #identityOnly(container: Container): ContainerSample {
    const { cgroupDriver } = this.#inventory;
    return {
      ...NOTHING_READ,
      container,
      startedAtSeconds: container.startedAtSeconds,
      disk: this.#diskOf(container.id),
      cgroupPath: this.#paths.pathOf(container, cgroupDriver),
    };
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
