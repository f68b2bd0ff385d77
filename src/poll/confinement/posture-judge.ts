import type { Container } from '../../discover/container.js';
import { allProcesses } from '../../model/confinement/all-processes.js';
import { PostureChanges } from '../../model/confinement/changes.js';
import { MOUNT_CONTROLS, PROCESS_CONTROLS } from '../../model/confinement/controls.js';
import type { Control, Unverified } from '../../model/confinement/controls.js';
import { findDrift } from '../../model/confinement/drift.js';
import type { NamespaceFacts } from '../../model/confinement/namespaces.js';
import { limitsOf } from '../../model/confinement/limits.js';
import type { Limits } from '../../model/confinement/limits.js';
import { holdsPrivileged } from '../../model/confinement/privileged.js';
import type { ConfinementSample } from '../../model/confinement/sample.js';
import type { ContainerSample } from '../../model/sample.js';
import type { PollReporter } from '../reporter.js';
import type { OwnConfinement } from './confinement-sampler.js';
import type { PostureMember, PostureTurn } from './posture.js';

export interface JudgeOptions {
  /** Capabilities that are usual; those beyond are extra. */
  readonly capabilityBaseline: bigint;
  readonly reporter: PollReporter;
}

/** What a judgement was made of; while all of it is the same, so is the judgement. */
interface Basis {
  readonly container: Container;
  readonly own: OwnConfinement;
  readonly facts: readonly NamespaceFacts[];
  readonly limits: Limits;
  readonly hostBounding: bigint | undefined;
  /** Docker may tell of itself after it has told of its containers. */
  readonly daemonOptions: readonly string[] | undefined;
}

/** Makes what was seen of a container into its sample: privilege, drift, what is not verified, and what has changed. */
export class PostureJudge {
  readonly #changes = new PostureChanges();
  readonly #judged = new Map<string, { readonly basis: Basis; readonly sample: ConfinementSample }>();
  readonly #options: JudgeOptions;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  judge(
    { container, sampler, sample }: PostureMember,
    facts: readonly NamespaceFacts[],
    turn: PostureTurn,
  ): ConfinementSample | undefined {
    const own = sampler === undefined ? NOT_HERE : sampler.own;
    if (own === undefined) return undefined;
    const limits = limitsOf(sample);
    const { daemonOptions } = turn;
    const basis = {
      container,
      own,
      facts,
      limits,
      hostBounding: turn.host.boundingCapabilities,
      daemonOptions,
    };
    const last = this.#judged.get(container.id);
    if (last !== undefined && isSame(last.basis, basis)) return last.sample;
    const judged = this.#newSample(basis, sample, turn);
    if (!sameControls(last?.sample.unverified, judged.unverified))
      this.#options.reporter.unverified(container, judged.unverified);
    this.#judged.set(container.id, { basis, sample: judged });
    return judged;
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    this.#changes.keepOnly(ids);
    for (const id of this.#judged.keys()) if (!ids.has(id)) this.#judged.delete(id);
  }

  #newSample(basis: Basis, sample: ContainerSample, turn: PostureTurn): ConfinementSample {
    const { container, own, facts, limits, hostBounding } = basis;
    const { cpu, memory, tasks } = sample;
    const { configuration } = container;
    const privileged = {
      configured: configuration.privileged,
      kernel: holdsPrivileged(own.processes, own.complete, hostBounding),
    };
    const rootReadonly = own.mounts?.rootReadonly;
    const unverified = withUnread(own.unverified, container, limits, privileged.kernel, facts);
    const seen = { ...own, namespaces: facts, privileged, unverified, limits };
    return {
      init: own.init,
      all: own.all,
      mounts: own.mounts,
      namespaces: facts,
      privileged,
      unverified,
      // A container that was found in the cgroup tree alone has no configuration that the kernel could fall behind.
      drift:
        container.source === 'cgroup'
          ? {}
          : findDrift(configuration, turn.daemonOptions, {
              all: own.all,
              privileged: privileged.kernel,
              rootReadonly,
              cpu,
              memory,
              tasks,
            }),
      changes: this.#changes.note(container.id, seen, turn.nowSeconds),
      capabilityBaseline: this.#options.capabilityBaseline,
    };
  }
}

/** Adds what can only be told with the host's own facts, or from the container's resources. */
function withUnread(
  own: Unverified,
  { configuration }: Container,
  limits: Limits,
  privileged: boolean | undefined,
  facts: readonly NamespaceFacts[],
): Unverified {
  const unverified = new Map(own);
  const add = (control: Control, reason: string): void => {
    if (!unverified.has(control)) unverified.set(control, reason);
  };
  if (privileged === undefined)
    add('privileged', "the host's bounding set, or what a process has of it, is not known");
  if (facts.some(({ inode, hostShared }) => inode !== undefined && hostShared === undefined))
    add('namespaces', "the host's own namespaces, or those of some process, cannot be read");
  if (
    facts.some(
      one => one.hostShared === false && one.inode !== undefined && one.foreignProcesses === undefined,
    )
  )
    add('namespaces', 'the namespaces of some process outside of containers cannot be read');
  if (configuration.memoryLimitBytes !== undefined && limits.memory === undefined)
    add('memory_limit', 'the limit cannot be read');
  if (configuration.cpuLimitCores !== undefined && limits.cpu === undefined)
    add('cpu_limit', 'the limit cannot be read');
  if (configuration.pidsLimit !== undefined && limits.pids === undefined)
    add('pids_limit', 'the limit cannot be read');
  return unverified;
}

function isSame(one: Basis, other: Basis): boolean {
  return (
    one.container === other.container &&
    one.own === other.own &&
    one.facts === other.facts &&
    one.hostBounding === other.hostBounding &&
    (one.daemonOptions === other.daemonOptions ||
      one.daemonOptions?.join() === other.daemonOptions?.join()) &&
    one.limits.memory === other.limits.memory &&
    one.limits.cpu === other.limits.cpu &&
    one.limits.pids === other.limits.pids
  );
}

function sameControls(one: Unverified | undefined, other: Unverified): boolean {
  return [...(one?.keys() ?? [])].join() === [...other.keys()].join();
}

/** Of a container that runs, but not where this process could see it. */
const NOT_HERE: OwnConfinement = {
  init: undefined,
  processes: [],
  complete: false,
  all: allProcesses(undefined, [], false),
  mounts: undefined,
  unverified: new Map(
    [...PROCESS_CONTROLS, ...MOUNT_CONTROLS].map(control => [
      control,
      'neither its cgroup nor its processes are found here',
    ]),
  ),
};
