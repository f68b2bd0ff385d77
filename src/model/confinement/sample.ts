import type { AllProcesses } from './all-processes.js';
import type { ControlChanges } from './changes.js';
import type { Unverified } from './controls.js';
import type { Drift } from './drift.js';
import type { MountFacts } from './mounts.js';
import type { NamespaceFacts } from './namespaces.js';
import type { ProcessConfinement } from './process.js';

/** How the kernel confines a container. */
export interface ConfinementSample {
  /** Its first process; absent where it could not be read. */
  readonly init: ProcessConfinement | undefined;
  readonly all: AllProcesses;
  readonly namespaces: readonly NamespaceFacts[];
  readonly mounts: MountFacts | undefined;
  readonly privileged: PrivilegedFacts;
  readonly drift: Drift;
  readonly unverified: Unverified;
  readonly changes: ControlChanges;
  /** Capabilities that are usual; those beyond are extra. */
  readonly capabilityBaseline: bigint;
}

export interface PrivilegedFacts {
  /** `--privileged`; absent where the runtime was not asked. */
  readonly configured: boolean | undefined;
  readonly kernel: boolean | undefined;
}
