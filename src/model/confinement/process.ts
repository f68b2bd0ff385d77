import type { NamespaceKind } from './namespace-kinds.js';
import type { Unverified } from './controls.js';
import type { SecurityLabel } from './security-label.js';

export const CAPABILITY_SETS = ['effective', 'permitted', 'inheritable', 'bounding', 'ambient'] as const;
export type CapabilitySet = (typeof CAPABILITY_SETS)[number];
export type CapabilityMasks = Readonly<Record<CapabilitySet, bigint | undefined>>;

/** How the kernel confines one process. Absent is what this kernel does not have; what it has but did not tell is in `unverified`. */
export interface ProcessConfinement {
  /** 0 disabled, 1 strict, 2 filter. */
  readonly seccompMode: number | undefined;
  readonly seccompFilters: number | undefined;
  readonly noNewPrivileges: boolean | undefined;
  readonly capabilities: CapabilityMasks;
  readonly label: SecurityLabel;
  readonly user: ProcessUser;
  /** The inode of each namespace. */
  readonly namespaces: Namespaces;
  /** As `/proc/<pid>/root` shows it to this process: `/`, or what a chroot left of it. */
  readonly rootDirectory: string | undefined;
  readonly unverified: Unverified;
}

/** Whom a process runs as. */
export interface ProcessUser {
  /** The effective user id as its own user namespace sees it, and as this process's does. */
  readonly containerUid: number | undefined;
  readonly hostUid: number | undefined;
  /** Whether its user ids are others on the host. */
  readonly remapped: boolean | undefined;
}

export type Namespaces = Readonly<Partial<Record<NamespaceKind, number>>>;
