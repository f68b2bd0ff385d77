import type { Container } from '../../discover/container.js';
import { compareNamespaces, countUnmanaged } from '../../model/confinement/namespaces.js';
import type { NamespaceFacts, NamespaceMember } from '../../model/confinement/namespaces.js';
import type { NamespaceKind } from '../../model/confinement/namespace-kinds.js';
import type { ConfinementSample } from '../../model/confinement/sample.js';
import type { ContainerSample } from '../../model/sample.js';
import type { KernelFiles } from '../../read/kernel-file.js';
import type { ConfinementSampler, LookContext, OwnConfinement } from './confinement-sampler.js';
import { Outsiders } from './outsiders.js';
import { PostureJudge } from './posture-judge.js';
import type { JudgeOptions } from './posture-judge.js';

/** A running container whose confinement is looked at. */
export interface PostureMember {
  readonly container: Container;
  /** Absent where its cgroup was not found here. */
  readonly sampler: ConfinementSampler | undefined;
  /** What was read of its resources, of which the limits are judged. */
  readonly sample: ContainerSample;
  /** Whether the turn of the slow tier has come for it. */
  readonly slow: boolean;
}

/** What one round over all containers needs. */
export interface PostureTurn extends LookContext {
  readonly nowSeconds: number;
  /** Whether the turn of the slow tier has come for the host. */
  readonly slow: boolean;
  /** The security options of the runtime's daemon; absent where it did not tell. */
  readonly daemonOptions: readonly string[] | undefined;
  /** Whether a container is known, be it shown or not. */
  readonly isKnown: (containerId: string) => boolean;
  /** A container that cannot be looked at, for a reason that is none of its files'. */
  failed(container: Container, error: unknown): void;
}

/** Looks at the confinement of all containers at once, because namespaces are what containers have in common. */
export class Posture {
  /** By kind, the namespaces in use that are neither the host's nor a known container's; absent where it may not look. */
  unmanaged: Readonly<Record<NamespaceKind, number>> | undefined;
  readonly #outsiders: Outsiders;
  readonly #judge: PostureJudge;
  #compared: Compared | undefined;

  constructor(procfs: string, files: KernelFiles, options: JudgeOptions) {
    this.#outsiders = new Outsiders(procfs, files);
    this.#judge = new PostureJudge(options);
  }

  /** Looks at every process of the members and at those outside, with a pause after each. */
  *look(members: readonly PostureMember[], turn: PostureTurn): Generator<void, void, undefined> {
    const listed = turn.host.mayTrace ? this.#outsiders.list() : [];
    for (const member of members) yield* this.lookAt(member, turn);
    if (!turn.host.mayTrace || isBlind(members)) {
      this.#outsiders.skip();
      return;
    }
    const inContainers = new Set(members.flatMap(({ sampler }) => sampler?.pids ?? []));
    yield* this.#outsiders.look(listed, inContainers, turn.host.namespaces, turn);
  }

  /** Looks at every process of one container. */
  *lookAt({ container, sampler, slow }: PostureMember, turn: PostureTurn): Generator<void, void, undefined> {
    try {
      if (sampler !== undefined) yield* sampler.look(container, slow, turn);
    } catch (error) {
      sampler?.lookFailed();
      turn.failed(container, error);
    }
  }

  /**
   * Adds what the last look says of each member to `concluded`, by the container's id, with a pause after each; nothing of
   * those that have no process to look at.
   */
  *conclude(
    members: readonly PostureMember[],
    turn: PostureTurn,
    concluded: Map<string, ConfinementSample>,
  ): Generator<void, void, undefined> {
    this.#judge.keepOnly(turn.containerIds);
    const { facts } = this.#compare(members, turn);
    yield;
    for (const [index, member] of members.entries()) {
      const judged = this.#judge.judge(member, facts[index] ?? [], turn);
      if (judged !== undefined) concluded.set(member.container.id, judged);
      yield;
    }
  }

  /** What the last look at one container says, its namespaces compared as they were in the last round. */
  concludeOne(member: PostureMember, turn: PostureTurn): ConfinementSample | undefined {
    const index = this.#compared?.ids.indexOf(member.container.id) ?? -1;
    return this.#judge.judge(member, this.#compared?.facts[index] ?? [], turn);
  }

  /** Compares namespaces where any process's may be others than at the last round. */
  #compare(members: readonly PostureMember[], { host }: PostureTurn): Compared {
    const owns = members.map(({ sampler }) => sampler?.own);
    const { namespaces: outsiders, complete: outsidersComplete } = this.#outsiders;
    const last = this.#compared;
    const same =
      last !== undefined &&
      last.outsiders === outsiders &&
      last.outsidersComplete === outsidersComplete &&
      last.host === host.namespaces &&
      last.owns.length === owns.length &&
      last.owns.every((own, index) => own === owns[index]);
    if (same) return last;
    const world = { members: owns.map(memberOf), host: host.namespaces, outsiders, outsidersComplete };
    const before = new Map(last?.ids.map((id, index) => [id, last.facts[index]]));
    const ids = members.map(({ container }) => container.id);
    const facts = compareNamespaces(world).map((now, index) => keepSame(before.get(ids[index] ?? ''), now));
    this.unmanaged = countUnmanaged(world);
    this.#compared = { ids, owns, outsiders, outsidersComplete, host: host.namespaces, facts };
    return this.#compared;
  }
}

interface Compared {
  readonly ids: readonly string[];
  readonly owns: readonly (OwnConfinement | undefined)[];
  readonly outsiders: Outsiders['namespaces'];
  readonly outsidersComplete: boolean;
  readonly host: object;
  readonly facts: readonly (readonly NamespaceFacts[])[];
}

/** Where no process of any container can be seen, those that can be are not the host's. */
function isBlind(members: readonly PostureMember[]): boolean {
  const owns = members.flatMap(({ sampler }) => sampler?.own ?? []);
  return owns.length > 0 && owns.every(({ processes }) => processes.length === 0);
}

function memberOf(own: OwnConfinement | undefined): NamespaceMember {
  return {
    init: own?.init?.namespaces,
    processes: own?.processes.map(({ namespaces }) => namespaces) ?? [],
    complete: own?.complete === true && !own.unverified.has('namespaces'),
  };
}

/** The facts as they were where they are equal, so that what is made of them need not be made again. */
function keepSame(
  before: readonly NamespaceFacts[] | undefined,
  now: readonly NamespaceFacts[],
): readonly NamespaceFacts[] {
  const equal = before?.every((facts, index) => {
    const other = now[index];
    return (
      facts.inode === other?.inode &&
      facts.hostShared === other?.hostShared &&
      facts.peers === other?.peers &&
      facts.foreignProcesses === other?.foreignProcesses
    );
  });
  return before !== undefined && equal === true ? before : now;
}
