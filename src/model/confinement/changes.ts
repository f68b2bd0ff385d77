import type { ConfinementSample } from './sample.js';
import { CONTROLS } from './controls.js';
import type { Control } from './controls.js';
import type { Limits } from './limits.js';

/** How often each control of a container was seen to change, and when last. */
export type ControlChanges = ReadonlyMap<Control, ControlChange>;

export interface ControlChange {
  readonly count: number;
  /** Absent before the first change. */
  readonly lastSeconds: number | undefined;
}

/** What is compared from one look to the next. */
export type Posture = Pick<
  ConfinementSample,
  'all' | 'namespaces' | 'mounts' | 'privileged' | 'unverified' | 'init'
> & { readonly limits: Limits };

interface Watched {
  /** Of each control, as it was when it was last verified: values that are equal where the state is. */
  readonly last: Map<Control, unknown>;
  changes: ControlChanges;
}

/**
 * Counts changes of posture by container. What could not be read is no change: it is compared with what was read
 * before. A container keeps its counts for as long as it is known, so also over its restarts.
 */
export class PostureChanges {
  readonly #watched = new Map<string, Watched>();

  /** Takes note of how a container is now, and answers all its changes so far. */
  note(containerId: string, posture: Posture, nowSeconds: number): ControlChanges {
    const watched = this.#watched.get(containerId) ?? { last: new Map(), changes: new Map() };
    this.#watched.set(containerId, watched);
    const changes = new Map(watched.changes);
    for (const control of CONTROLS) {
      const state = posture.unverified.has(control) ? undefined : STATE_OF[control](posture);
      if (state === undefined) continue;
      const before = watched.last.get(control);
      watched.last.set(control, state);
      const { count = 0, lastSeconds } = changes.get(control) ?? {};
      const changed = before !== undefined && before !== state;
      changes.set(control, changed ? { count: count + 1, lastSeconds: nowSeconds } : { count, lastSeconds });
    }
    watched.changes = changes;
    return changes;
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#watched.keys()) if (!ids.has(id)) this.#watched.delete(id);
  }
}

/** Each control's state as a plain value; undefined where this kernel does not have the control. */
const STATE_OF: Readonly<Record<Control, (posture: Posture) => unknown>> = {
  seccomp: ({ all }) => all.seccompMode,
  capabilities: ({ all }) => joined(Object.values(all.capabilities).filter(mask => mask !== undefined)),
  no_new_privileges: ({ all }) => all.noNewPrivileges,
  apparmor: ({ all }) =>
    all.apparmorConfined === undefined
      ? undefined
      : `${all.apparmorConfined} ${sorted(all.apparmorProfiles, one => `${one.profile} (${one.mode})`)}`,
  // The level is another at each start.
  selinux: ({ all }) =>
    joined(all.selinuxContexts.map(one => `${one.user}:${one.role}:${one.type}`).toSorted()),
  user: ({ all }) => (all.containerUid === undefined ? undefined : `${all.containerUid} ${all.hostUid}`),
  // So is the inode of a namespace; what counts is whether others are in it.
  namespaces: ({ namespaces }) =>
    namespaces.some(({ inode }) => inode !== undefined)
      ? namespaces.map(one => `${one.hostShared} ${(one.foreignProcesses ?? 0) > 0}`).join()
      : undefined,
  root_directory: ({ all }) => (all.chrooted === undefined ? undefined : all.chrooted > 0),
  readonly_rootfs: ({ mounts }) => mounts?.rootReadonly,
  masked_paths: ({ mounts }) => mounts?.unprotectedPaths,
  sensitive_mounts: ({ mounts }) =>
    mounts?.sensitive && sorted(mounts.sensitive, mount => `${mount.class} ${mount.readonly}`),
  privileged: ({ privileged }) => privileged.kernel,
  memory_limit: ({ limits }) => limits.memory,
  cpu_limit: ({ limits }) => limits.cpu,
  pids_limit: ({ limits }) => limits.pids,
};

function sorted<Value>(values: readonly Value[], text: (value: Value) => string): string {
  return values.map(text).toSorted().join('\n');
}

/** Undefined where there is nothing. */
function joined(values: readonly unknown[]): string | undefined {
  return values.length === 0 ? undefined : values.join();
}
