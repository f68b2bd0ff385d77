import { CAPABILITY_SETS } from './process.js';
import type { CapabilityMasks, CapabilitySet, ProcessConfinement } from './process.js';
import type { Control } from './controls.js';
import type { AppArmorConfinement, SelinuxContext } from './security-label.js';

/**
 * The worst case over all processes of a container, and how many are how. Where some process could not be read, a
 * value is absent unless what was read is the worst already: a process that nobody saw must not read as confined.
 */
export interface AllProcesses {
  /** The smallest. */
  readonly seccompMode: number | undefined;
  readonly seccompFilters: number | undefined;
  /** How many processes are in mode 0, 1 and 2. */
  readonly seccompModes: readonly [disabled: number, strict: number, filter: number] | undefined;
  /** False where one lacks it. */
  readonly noNewPrivileges: boolean | undefined;
  /** Everything that any of them holds. */
  readonly capabilities: CapabilityMasks;
  /** The same of what could be read, also where that is not all of them. */
  readonly seenCapabilities: CapabilityMasks;
  /** The effective sets that occur, and how many processes have each. */
  readonly effectiveSets: ReadonlyMap<bigint, number>;
  /** False where a profile of one confines nothing. */
  readonly apparmorConfined: boolean | undefined;
  /** Each once. */
  readonly apparmorProfiles: readonly AppArmorConfinement[];
  readonly selinuxConfined: boolean | undefined;
  readonly selinuxContexts: readonly SelinuxContext[];
  /** The smallest user id, which is the most privileged. */
  readonly containerUid: number | undefined;
  readonly hostUid: number | undefined;
  /** How many have user id 0. */
  readonly containerRoots: number | undefined;
  readonly hostRoots: number | undefined;
  /** How many have another root directory than the first process; absent without one. */
  readonly chrooted: number | undefined;
}

/** `complete` says whether `processes` are all that the container has. */
export function allProcesses(
  init: ProcessConfinement | undefined,
  processes: readonly ProcessConfinement[],
  complete: boolean,
): AllProcesses {
  const read = (control: Control): boolean =>
    complete && processes.every(({ unverified }) => !unverified.has(control));
  const seenCapabilities = unionOf(processes);
  const usersRead = read('user');
  return {
    ...seccompOf(processes, read('seccomp')),
    noNewPrivileges: worst(
      processes.map(one => one.noNewPrivileges),
      read('no_new_privileges'),
    ),
    capabilities: read('capabilities') ? seenCapabilities : NO_MASKS,
    seenCapabilities,
    effectiveSets: countBy(processes, one => one.capabilities.effective),
    ...labelsOf(processes, read),
    containerUid: smallest(
      processes.map(one => one.user.containerUid),
      0,
      usersRead,
    ),
    hostUid: smallest(
      processes.map(one => one.user.hostUid),
      0,
      complete,
    ),
    containerRoots: usersRead ? count(processes, one => one.user.containerUid === 0) : undefined,
    hostRoots: complete ? count(processes, one => one.user.hostUid === 0) : undefined,
    chrooted: read('root_directory') ? countChrooted(init, processes) : undefined,
  };
}

function seccompOf(
  processes: readonly ProcessConfinement[],
  read: boolean,
): Pick<AllProcesses, 'seccompMode' | 'seccompFilters' | 'seccompModes'> {
  const modes = processes.map(one => one.seccompMode);
  const ofMode = (mode: number): number => count(modes, one => one === mode);
  const told = modes.some(mode => mode !== undefined);
  return {
    seccompMode: smallest(modes, 0, read),
    seccompFilters: smallest(
      processes.map(one => one.seccompFilters),
      0,
      read,
    ),
    seccompModes: read && told ? [ofMode(0), ofMode(1), ofMode(2)] : undefined,
  };
}

function labelsOf(
  processes: readonly ProcessConfinement[],
  read: (control: Control) => boolean,
): Pick<AllProcesses, 'apparmorConfined' | 'apparmorProfiles' | 'selinuxConfined' | 'selinuxContexts'> {
  const profiles = processes.flatMap(({ label }) => label.apparmor ?? []);
  const contexts = processes.flatMap(({ label }) => label.selinux ?? []);
  return {
    apparmorConfined: worst(
      profiles.map(({ confined }) => confined),
      read('apparmor'),
    ),
    apparmorProfiles: distinct(profiles, ({ profile, mode }) => `${profile} (${mode})`),
    selinuxConfined: worst(
      contexts.map(({ confined }) => confined),
      read('selinux'),
    ),
    selinuxContexts: distinct(contexts, ({ user, role, type, level }) => [user, role, type, level].join(':')),
  };
}

function countChrooted(
  init: ProcessConfinement | undefined,
  processes: readonly ProcessConfinement[],
): number | undefined {
  const own = init?.rootDirectory;
  return own === undefined
    ? undefined
    : count(processes, ({ rootDirectory }) => rootDirectory !== undefined && rootDirectory !== own);
}

/** The bits of all; of one process's set that the kernel does not tell, none are known. */
function unionOf(processes: readonly ProcessConfinement[]): CapabilityMasks {
  const union: Record<CapabilitySet, bigint | undefined> = { ...NO_MASKS };
  for (const { capabilities } of processes)
    for (const set of CAPABILITY_SETS) {
      const mask = capabilities[set];
      if (mask !== undefined) union[set] = (union[set] ?? 0n) | mask;
    }
  return union;
}

/** The smallest; unless all were read, only when it cannot be smaller. */
function smallest(
  values: readonly (number | undefined)[],
  floor: number,
  complete: boolean,
): number | undefined {
  let least: number | undefined;
  for (const value of values)
    if (value !== undefined && (least === undefined || value < least)) least = value;
  return complete || least === floor ? least : undefined;
}

function worst(values: readonly (boolean | undefined)[], complete: boolean): boolean | undefined {
  const least = smallest(
    values.map(value => (value === undefined ? undefined : Number(value))),
    0,
    complete,
  );
  return least === undefined ? undefined : least === 1;
}

function count<Value>(values: readonly Value[], is: (value: Value) => boolean): number {
  let found = 0;
  for (const value of values) if (is(value)) found += 1;
  return found;
}

function countBy<Key>(
  processes: readonly ProcessConfinement[],
  keyOf: (one: ProcessConfinement) => Key | undefined,
): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const one of processes) {
    const key = keyOf(one);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function distinct<Value>(values: readonly Value[], keyOf: (value: Value) => string): readonly Value[] {
  return [...new Map(values.map(value => [keyOf(value), value])).values()];
}

const NO_MASKS: CapabilityMasks = {
  effective: undefined,
  permitted: undefined,
  inheritable: undefined,
  bounding: undefined,
  ambient: undefined,
};
