import type { Clock } from '../discover/clock.js';
import type { Container } from '../discover/container.js';
import type { NamespaceKind } from '../model/confinement/namespace-kinds.js';
import type { ConfinementSample } from '../model/confinement/sample.js';
import type { Snapshot } from '../model/sample.js';
import { CollectorTimings } from './collector-timings.js';
import { Posture } from './confinement/posture.js';
import type { PostureMember, PostureTurn } from './confinement/posture.js';
import { TurnMaker } from './confinement/turn.js';
import type { RuntimeFacts } from './confinement/turn.js';
import type { SamplerOptions } from './container-sampler.js';
import type { Host, HostFacts } from './host.js';
import { ResourceReader } from './resource-reader.js';
import { mayRun } from './sampler-set.js';
import type { ReadContext } from './section-set.js';
import { inSlices } from './slices.js';

export interface PollerOptions extends SamplerOptions {
  readonly slowIntervalSeconds: number;
  /** Where this process sees the host's root directory. */
  readonly rootfs: string;
  /** Whether the root cgroup is sampled too. */
  readonly root: boolean;
  /** Capabilities that are usual; those beyond are extra. */
  readonly capabilityBaseline: bigint;
}

/** What a poll takes from discovery. */
export interface Inventory extends RuntimeFacts {
  containers(): readonly Container[];
  readonly cgroupDriver: string | undefined;
  writableLayerBytes(id: string): number | undefined;
  /** Whether the containers' runtime answers; while it does not, those whose processes have ended are left out. */
  readonly current: boolean;
}

export interface PollObserver {
  polled(seconds: number, timings: CollectorTimings, snapshot: Snapshot): void;
  /** What is known of the host was read anew. */
  hostRead(facts: HostFacts): void;
  /** A container that cannot be read at all, for a reason that is none of its files'. */
  containerFailed(container: Container, error: unknown): void;
}

/** Takes snapshots of all containers, in slices that leave the event loop free. */
export class Poller {
  latest: Snapshot | undefined;
  #latestBegun = -Infinity;
  #lookedAt = -Infinity;
  /** A poll under way, which whoever asks for a snapshot shares. */
  #polling: Promise<Snapshot> | undefined;
  /** Polls and looks come one after another: each works on what the one before it left. */
  #last: Promise<unknown> = Promise.resolve();
  #nextHostSlow = -Infinity;
  readonly #resources: ResourceReader;
  readonly #posture: Posture;
  readonly #turns: TurnMaker;
  /** As the last poll or look found them. */
  #members: readonly PostureMember[] = [];

  readonly #context: ReadContext & { readonly host: Host };
  readonly #options: PollerOptions;
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
    this.#clock = clock;
    this.#observer = observer;
    this.#resources = new ResourceReader(context, options, inventory, clock, observer);
    const { capabilityBaseline, procfs } = options;
    const { files, host, reporter } = context;
    this.#posture = new Posture(procfs, files, { capabilityBaseline, reporter });
    this.#turns = new TurnMaker(options, host, inventory, (container, error) =>
      observer.containerFailed(container, error),
    );
  }

  /** A snapshot that was begun no earlier than `maxAgeSeconds` ago; whoever asks during a poll shares it. */
  snapshot(maxAgeSeconds: number): Promise<Snapshot> {
    if (this.latest !== undefined && this.ageSeconds() < maxAgeSeconds) return Promise.resolve(this.latest);
    this.#polling ??= this.#inTurn(() => this.#poll()).finally(() => (this.#polling = undefined));
    return this.#polling;
  }

  /**
   * Looks at the processes of all containers without reading what they use: what comes and goes between two snapshots
   * is seen and counted, and shows in the next one.
   */
  watch(): Promise<void> {
    return this.#inTurn(() => this.#watch());
  }

  /** Looks at the processes of some containers, as {@link watch} does at all. */
  glance(ids: ReadonlySet<string>): Promise<void> {
    return this.#inTurn(() => this.#glance(ids));
  }

  /** How long ago the latest snapshot was begun; Infinity before the first one. */
  ageSeconds(): number {
    return this.#clock.monotonicSeconds() - this.#latestBegun;
  }

  /** How long ago all processes were looked at; Infinity before the first time. */
  unwatchedSeconds(): number {
    return this.#clock.monotonicSeconds() - this.#lookedAt;
  }

  /** Reads the slow tier of one container at the next poll. */
  refresh(id: string): void {
    this.#resources.refresh(id);
  }

  /** Gives back every descriptor. */
  async close(): Promise<void> {
    await this.#last;
    this.#resources.close();
  }

  /** By kind, the namespaces that no known container has; absent where it may not look, or was not asked to. */
  get unmanagedNamespaces(): Readonly<Record<NamespaceKind, number>> | undefined {
    return this.#posture.unmanaged;
  }

  /** Which containers had processes, at the last look, that their runtime had not finished preparing. */
  settingUp(): ReadonlySet<string> {
    const settingUp = this.#members.filter(({ sampler }) => sampler?.settingUp === true);
    return new Set(settingUp.map(({ container }) => container.id));
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #poll(): Promise<Snapshot> {
    const begun = this.#clock.monotonicSeconds();
    const nowSeconds = this.#clock.nowSeconds();
    const timings = new CollectorTimings(() => this.#clock.monotonicSeconds());
    const slowHost = this.#refreshHostInTime(begun);
    this.#members = await this.#resources.readAll(timings);
    const root = this.#resources.readRoot(slowHost, timings);
    const confinements = await this.#look(slowHost, timings);
    const counts = this.#options.collectors.has('processes');
    const samples = this.#members.map(({ container, sampler, sample }) => ({
      ...sample,
      processes: counts && sampler !== undefined ? sampler.pids?.length : sample.processes,
      confinement: confinements.get(container.id),
    }));
    this.latest = { takenAtSeconds: nowSeconds, containers: [...root, ...samples] };
    this.#latestBegun = begun;
    this.#observer.polled(this.#clock.monotonicSeconds() - begun, timings, this.latest);
    return this.latest;
  }

  async #watch(): Promise<void> {
    const timings = new CollectorTimings(() => this.#clock.monotonicSeconds());
    const slowHost = this.#refreshHostInTime(this.#clock.monotonicSeconds());
    this.#members = await this.#resources.readNew(this.#members, timings);
    await this.#look(slowHost, timings);
  }

  async #glance(ids: ReadonlySet<string>): Promise<void> {
    const turn = this.#turn(false);
    for (const member of this.#members) {
      if (!ids.has(member.container.id) || !this.#resources.isCurrent(member)) continue;
      const now = { ...member, slow: false };
      await this.#inSlices(this.#posture.lookAt(now, turn));
      this.#posture.concludeOne(now, turn);
    }
  }

  /** How each container that runs is confined, by its id. */
  async #look(slowHost: boolean, timings: CollectorTimings): Promise<ReadonlyMap<string, ConfinementSample>> {
    this.#lookedAt = this.#clock.monotonicSeconds();
    if (!this.#options.collectors.has('confinement')) return new Map();
    const members = this.#members.filter(({ container }) => mayRun(container));
    const turn = this.#turn(slowHost);
    const concluded = new Map<string, ConfinementSample>();
    await this.#inSlices(timed(this.#posture.look(members, turn), timings));
    await this.#inSlices(timed(this.#posture.conclude(members, turn, concluded), timings));
    return concluded;
  }

  #turn(slowHost: boolean): PostureTurn {
    const { containerIds } = this.#resources;
    return this.#turns.turn(this.#clock.nowSeconds(), this.#clock.monotonicSeconds(), slowHost, containerIds);
  }

  /** Answers whether it was time. */
  #refreshHostInTime(monotonicSeconds: number): boolean {
    if (monotonicSeconds < this.#nextHostSlow) return false;
    this.#nextHostSlow = monotonicSeconds + this.#options.slowIntervalSeconds;
    this.#context.host.refresh();
    this.#observer.hostRead(this.#context.host.facts);
    this.#resources.readStorage();
    return true;
  }

  #inSlices(steps: Iterable<void, void, undefined>): Promise<void> {
    return inSlices(steps, () => this.#clock.monotonicSeconds());
  }
}

/** Adds the time of each step to that of the collector. */
function* timed(
  steps: Iterable<void, void, undefined>,
  timings: CollectorTimings,
): Generator<void, void, undefined> {
  timings.start();
  for (const _ of steps) {
    timings.lap('confinement');
    yield;
    timings.start();
  }
  timings.lap('confinement');
}
