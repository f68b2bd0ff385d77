import { containerOfCgroup } from '../../discover/cgroup-id.js';
import { NAMESPACE_KINDS } from '../../model/confinement/namespace-kinds.js';
import type { Namespaces } from '../../model/confinement/process.js';
import { parseCgroupMembership } from '../../parse/proc-cgroup.js';
import { ParseError } from '../../parse/scan.js';
import { listNames } from '../../read/files.js';
import type { KernelFiles } from '../../read/kernel-file.js';
import { SETTLING_SECONDS } from './process-files.js';
import { readNamespaces } from './process-links.js';
import { readProcessStat } from './process-stat.js';
import { isSettingUp } from './setting-up.js';

/** How one look goes. */
export interface OutsiderTurn {
  readonly slow: boolean;
  readonly monotonicSeconds: number;
  /** Whether a container is known, be it shown or not. */
  readonly isKnown: (containerId: string) => boolean;
}

interface Outsider {
  /** Absent where it is in the host's namespaces alone, as nearly all are. */
  elsewhere: Namespaces | undefined;
  /** It may not be looked at, although others may. */
  hidden: boolean;
  /** A runtime is still preparing it for a container. */
  settingUp: boolean;
  looks: number;
  /** When it was looked at first, on the monotonic clock. */
  readonly firstSeconds: number;
}

/**
 * Watches the processes that are in no container, for those in namespaces that are not the host's. Only new ones are
 * looked at in each poll; the others again in the slow tier.
 */
export class Outsiders {
  /** Of those that are in some namespace that is not the host's; absent where this process may not look. */
  namespaces: readonly Namespaces[] | undefined;
  /** Whether all could be looked at. */
  complete = false;
  #known = new Map<number, Outsider>();

  readonly #procfs: string;
  readonly #files: KernelFiles;

  constructor(procfs: string, files: KernelFiles) {
    this.#procfs = procfs;
    this.#files = files;
  }

  /** All processes that there are now: to be asked for before the lists of containers, whose processes are then known. */
  list(): readonly number[] {
    try {
      return listNames(this.#procfs)
        .filter(name => /^[1-9]\d*$/.test(name))
        .map(Number);
    } catch {
      return [];
    }
  }

  /**
   * Looks at those of the listed that are in no container, with a pause after each. The processes of a container that is
   * known but not shown are no outsiders either.
   */
  *look(
    listed: readonly number[],
    inContainers: ReadonlySet<number>,
    host: Namespaces,
    { slow, monotonicSeconds, isKnown }: OutsiderTurn,
  ): Generator<void, void, undefined> {
    const known = new Map<number, Outsider>();
    for (const pid of listed) {
      if (inContainers.has(pid)) continue;
      const outsider = this.#known.get(pid) ?? {
        elsewhere: undefined,
        hidden: false,
        settingUp: false,
        looks: 0,
        firstSeconds: monotonicSeconds,
      };
      known.set(pid, outsider);
      const settled = outsider.looks > 1 && monotonicSeconds - outsider.firstSeconds > SETTLING_SECONDS;
      if (settled && !outsider.settingUp && !slow) continue;
      this.#lookAt(pid, outsider, host, { monotonicSeconds, isKnown });
      yield;
    }
    this.#known = known;
    // Without the first process in the list, /proc shows this process its own alone (hidepid).
    const sees = listed.includes(1);
    const found = [...known.values()].flatMap(({ elsewhere }) => elsewhere ?? []);
    this.complete = sees && [...known].every(([pid, { hidden }]) => pid === 1 || !hidden);
    if (!sees) this.namespaces = undefined;
    else if (!sameItems(this.namespaces, found)) this.namespaces = found;
  }

  /** Not looked at, for want of the right to. */
  skip(): void {
    this.namespaces = undefined;
    this.complete = false;
    this.#known.clear();
  }

  #lookAt(
    pid: number,
    outsider: Outsider,
    host: Namespaces,
    { monotonicSeconds, isKnown }: Omit<OutsiderTurn, 'slow'>,
  ): void {
    const directory = `${this.#procfs}/${pid}`;
    const told = readNamespaces(directory);
    outsider.looks += 1;
    outsider.elsewhere = undefined;
    outsider.settingUp = false;
    outsider.hidden = 'failure' in told && told.failure === 'forbidden';
    if ('failure' in told) return;
    const { value } = told;
    if (NAMESPACE_KINDS.every(kind => value[kind] === undefined || value[kind] === host[kind])) return;
    const stat = readProcessStat(directory, this.#files);
    // The kernel has threads of its own in a namespace of their own, such as kdevtmpfs.
    if (stat?.kernelThread) return;
    // A runtime brings a process into the namespaces of its container before it brings it into its cgroup.
    outsider.settingUp = isSettingUp(stat?.name, monotonicSeconds - outsider.firstSeconds);
    if (outsider.settingUp) return;
    if (!this.#isInContainer(directory, isKnown)) outsider.elsewhere = value;
  }

  /** A container that is not shown, or one whose process was not there yet when its list was read. */
  #isInContainer(directory: string, isKnown: (containerId: string) => boolean): boolean {
    const length = this.#files.readOnce(`${directory}/cgroup`);
    if (length < 0) return true;
    try {
      return parseCgroupMembership(this.#files.bytes, length).some(({ path }) => {
        const container = containerOfCgroup(path);
        return container !== undefined && isKnown(container.id);
      });
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return false;
    }
  }
}

function sameItems<Item>(items: readonly Item[] | undefined, others: readonly Item[]): boolean {
  return items?.length === others.length && items.every((item, index) => item === others[index]);
}
