import { NAMESPACE_KINDS } from './namespace-kinds.js';
import type { NamespaceKind } from './namespace-kinds.js';
import type { Namespaces } from './process.js';

/** One kind of namespace of one container. */
export interface NamespaceFacts {
  readonly kind: NamespaceKind;
  /** Of the container's first process. */
  readonly inode: number | undefined;
  /** Whether a process of the container is in the host's; absent where that cannot be told. */
  readonly hostShared: boolean | undefined;
  /** Other containers whose first process is in the same one; absent in the host's namespace, which is everybody's. */
  readonly peers: number | undefined;
  /**
   * Processes in it that are not the container's: the host's own, and those of containers that are elsewhere
   * themselves. Absent in the host's namespace, which is everybody's, and where not all processes could be looked at.
   */
  readonly foreignProcesses: number | undefined;
}

/** What is to be known of a container to compare its namespaces with others'. */
export interface NamespaceMember {
  readonly init: Namespaces | undefined;
  /** Of each process. */
  readonly processes: readonly Namespaces[];
  readonly complete: boolean;
}

/** All processes of a host, in containers and outside. */
export interface NamespaceWorld {
  readonly members: readonly NamespaceMember[];
  /** Of the host's first process. */
  readonly host: Namespaces;
  /** Of processes that are no known container's; absent where they may not be looked at. */
  readonly outsiders: readonly Namespaces[] | undefined;
  /** Whether none of the outsiders kept its namespaces to itself. */
  readonly outsidersComplete: boolean;
}

/** Compares the namespaces of all containers; the facts are in the order of the members. */
export function compareNamespaces(world: NamespaceWorld): readonly (readonly NamespaceFacts[])[] {
  const facts = world.members.map((): NamespaceFacts[] => []);
  for (const kind of NAMESPACE_KINDS) {
    const initCount = countInits(world, kind);
    const foreign = countForeign(world, kind);
    for (const [index, member] of world.members.entries())
      facts[index]?.push(factsOf(member, kind, world, initCount, foreign));
  }
  return facts;
}

function factsOf(
  { init, processes, complete }: NamespaceMember,
  kind: NamespaceKind,
  { host, outsiders, outsidersComplete }: NamespaceWorld,
  initCount: ReadonlyMap<number, number>,
  foreign: ReadonlyMap<number, number>,
): NamespaceFacts {
  const inode = init?.[kind];
  const hosts = host[kind];
  const isHosts = inode !== undefined && inode === hosts;
  const shared = hosts === undefined ? undefined : processes.some(one => one[kind] === hosts);
  return {
    kind,
    inode,
    hostShared: shared === false && !(complete && inode !== undefined) ? undefined : shared,
    peers: inode === undefined || isHosts ? undefined : (initCount.get(inode) ?? 1) - 1,
    foreignProcesses:
      inode === undefined || hosts === undefined || isHosts || outsiders === undefined
        ? undefined
        : (foreign.get(inode) ?? (outsidersComplete ? 0 : undefined)),
  };
}

function countInits({ members }: NamespaceWorld, kind: NamespaceKind): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { init } of members) add(counts, init?.[kind]);
  return counts;
}

/** By namespace, the processes that are in it without belonging to a container that is. */
function countForeign({ members, outsiders }: NamespaceWorld, kind: NamespaceKind): Map<number, number> {
  const counts = new Map<number, number>();
  for (const outsider of outsiders ?? []) add(counts, outsider[kind]);
  for (const { init, processes } of members)
    for (const one of processes) if (one[kind] !== init?.[kind]) add(counts, one[kind]);
  return counts;
}

function add(counts: Map<number, number>, inode: number | undefined): void {
  if (inode !== undefined) counts.set(inode, (counts.get(inode) ?? 0) + 1);
}

/** By kind, how many namespaces processes are in that are neither the host's nor in use by a known container. */
export function countUnmanaged(world: NamespaceWorld): Readonly<Record<NamespaceKind, number>> | undefined {
  const { host, members, outsiders } = world;
  if (outsiders === undefined) return undefined;
  const count = (kind: NamespaceKind): number => {
    const managed = new Set(members.flatMap(({ processes }) => processes.map(one => one[kind])));
    const others = new Set(outsiders.map(one => one[kind]));
    return [...others].filter(inode => inode !== undefined && inode !== host[kind] && !managed.has(inode))
      .length;
  };
  return Object.fromEntries(NAMESPACE_KINDS.map(kind => [kind, count(kind)])) as Record<
    NamespaceKind,
    number
  >;
}
