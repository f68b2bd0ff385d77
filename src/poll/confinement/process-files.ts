import { isDeepStrictEqual } from 'node:util';
import { NAMESPACE_KINDS } from '../../model/confinement/namespace-kinds.js';
import type { Control } from '../../model/confinement/controls.js';
import { CAPABILITY_SETS } from '../../model/confinement/process.js';
import type { Namespaces, ProcessConfinement, ProcessUser } from '../../model/confinement/process.js';
import { processUser } from '../../model/confinement/user.js';
import { parseIdMap } from '../../parse/id-map.js';
import type { IdMapping } from '../../parse/id-map.js';
import { createProcessStatus, parseProcessStatus } from '../../parse/proc-status.js';
import { ParseError } from '../../parse/scan.js';
import type { ReadFailure } from '../../read/files.js';
import { failureOf } from '../../read/kernel-file.js';
import type { KernelFile, KernelFiles } from '../../read/kernel-file.js';
import type { PollReporter } from '../reporter.js';
import type { HostConfinement } from './host-confinement.js';
import { ProcessLabels } from './process-labels.js';
import { readNamespaces, readRootDirectory } from './process-links.js';
import { isSettingUp } from './setting-up.js';
import type { Told } from './process-links.js';

export interface ProcessContext {
  readonly procfs: string;
  readonly files: KernelFiles;
  readonly reporter: PollReporter;
}

/** What a look at a process came to; `ended` also for one that is only waiting for its parent to take note of its end. */
export type Look = 'seen' | 'ended' | 'unseen';

/** A new process may be on its way into a namespace or a root directory; after this long it has come there. */
export const SETTLING_SECONDS = 3;

/** Reads what confines one process, poll after poll, through files it keeps open. */
export class ProcessFiles {
  /** As it was seen last; another object when anything changed. */
  confinement: ProcessConfinement | undefined;
  /** How often it was seen. */
  looks = 0;
  /** When it was seen first, on the monotonic clock. */
  private firstSeconds = Infinity;
  private name: string | undefined;
  private readonly directory: string;
  private readonly statusFile: KernelFile;
  private readonly labels: ProcessLabels;
  private readonly hostUserNamespace: number | undefined;
  private readonly status = createProcessStatus();
  private links: Links = UNREAD_LINKS;
  private stale = true;

  readonly pid: number;
  private readonly context: ProcessContext;

  constructor(pid: number, context: ProcessContext, host: Pick<HostConfinement, 'labels' | 'namespaces'>) {
    this.pid = pid;
    this.context = context;
    this.hostUserNamespace = host.namespaces.user;
    this.directory = `${context.procfs}/${pid}`;
    this.statusFile = context.files.open(`${this.directory}/status`, 'first');
    this.labels = new ProcessLabels(this.directory, context, host.labels);
  }

  /**
   * Reads status and labels; of a new process, of one that runs another program than before, and when `slow` says so,
   * also what can only be read by the process's path: namespaces, root directory
   * and user id map. Those come before the status, whose open file answers no more once the process has ended: what was
   * read by path before it answered is of the same process.
   */
  look(slow: boolean, monotonicSeconds: number): Look {
    const links = slow || this.looks < 2 || monotonicSeconds - this.firstSeconds < SETTLING_SECONDS;
    if (links) this.readLinks();
    const failed = this.readStatus();
    if (failed !== undefined) return failed;
    if (this.name !== this.status.name && !links) return this.look(true, monotonicSeconds);
    this.name = this.status.name;
    if (this.hasEnded()) return 'ended';
    if (this.looks === 0) this.firstSeconds = monotonicSeconds;
    if (this.labels.read(links)) this.stale = true;
    if (this.stale || !this.isAsBefore()) this.confinement = this.assemble();
    this.stale = false;
    this.looks += 1;
    return 'seen';
  }

  /** Whether the runtime is still preparing it. */
  isSettingUp(monotonicSeconds: number): boolean {
    return isSettingUp(this.status.name, monotonicSeconds - this.firstSeconds);
  }

  /** The pid in the innermost pid namespace; 1 is that of a namespace's first process. */
  get innermostPid(): number | undefined {
    return this.status.namespacePids?.at(-1);
  }

  /** How many pid namespaces deep it runs, as this process sees it. */
  get pidNamespaceDepth(): number {
    return this.status.namespacePids?.length ?? 0;
  }

  /** Whether the next look opens its files anew, so that they may have come to be another process's. */
  get reopens(): boolean {
    return this.statusFile.reopens;
  }

  close(): void {
    this.statusFile.close();
    this.labels.close();
  }

  /** Answers how the look ends where the status could not be had. */
  private readStatus(): Look | undefined {
    const length = this.statusFile.read();
    if (length < 0) return this.statusFailed(failureOf(length));
    try {
      parseProcessStatus(this.context.files.bytes, length, this.status);
      return undefined;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.context.reporter.parseFailed('confinement', 'status', error.message, this.statusFile.path);
      return 'unseen';
    }
  }

  private statusFailed(failure: ReadFailure): Look {
    if (failure === 'gone') return 'ended';
    // A file that is not there: it has ended, or this process may not see it (hidepid). The list of processes knows.
    this.statusFile.retry();
    if (failure !== 'missing')
      this.context.reporter.readFailed('confinement', 'status', failure, this.statusFile.path);
    return 'unseen';
  }

  /** A first thread that has ended while others run shows as a zombie too, but is still the process. */
  private hasEnded(): boolean {
    const { state, threads } = this.status;
    return (state === 'Z' || state === 'X') && (threads ?? 0) <= 1;
  }

  private readLinks(): void {
    const namespaces = readNamespaces(this.directory);
    const links = {
      namespaces,
      root: readRootDirectory(this.directory),
      uidMap: this.readUidMap(namespaces),
    };
    if (sameLinks(links, this.links)) return;
    this.links = links;
    this.stale = true;
  }

  /** In the host's user namespace ids are what they are, as this process sees them. */
  private readUidMap(namespaces: Told<Namespaces>): Told<readonly IdMapping[]> {
    const user = 'value' in namespaces ? namespaces.value.user : undefined;
    if (user !== undefined && user === this.hostUserNamespace) return { value: IDENTITY };
    const { files } = this.context;
    const length = files.readOnce(`${this.directory}/uid_map`);
    if (length < 0) return { failure: failureOf(length) };
    try {
      return { value: parseIdMap(files.bytes, length) };
    } catch {
      return { failure: 'other' };
    }
  }

  private isAsBefore(): boolean {
    const { status, confinement: before } = this;
    return (
      before !== undefined &&
      before.seccompMode === status.seccompMode &&
      before.seccompFilters === status.seccompFilters &&
      before.noNewPrivileges === status.noNewPrivileges &&
      before.user.hostUid === status.uid?.effective &&
      CAPABILITY_SETS.every(set => before.capabilities[set] === status.capabilities[set])
    );
  }

  private assemble(): ProcessConfinement {
    const { status, links } = this;
    const unverified = new Map<Control, string>();
    const tell = (control: Control, reason: string): unknown => unverified.set(control, reason);
    for (const { control, file, told } of linksOf(links))
      if ('failure' in told) tell(control, `${file}: ${told.failure}`);
    this.labels.tellUnverified(tell);
    return {
      seccompMode: status.seccompMode,
      seccompFilters: status.seccompFilters,
      noNewPrivileges: status.noNewPrivileges,
      capabilities: { ...status.capabilities },
      label: this.labels.label,
      user: userOf(status.uid?.effective, links.uidMap),
      namespaces: 'value' in links.namespaces ? links.namespaces.value : NO_NAMESPACES,
      rootDirectory: 'value' in links.root ? links.root.value : undefined,
      unverified,
    };
  }
}

interface Links {
  readonly namespaces: Told<Namespaces>;
  readonly root: Told<string>;
  readonly uidMap: Told<readonly IdMapping[]>;
}

const IDENTITY: readonly IdMapping[] = [{ firstInside: 0, firstOutside: 0, count: 4_294_967_295 }];
const NO_NAMESPACES: Namespaces = {};
const UNREAD_LINKS: Links = {
  namespaces: { failure: 'other' },
  root: { failure: 'other' },
  uidMap: { failure: 'other' },
};

function sameLinks(one: Links, other: Links): boolean {
  return (
    sameTold(one.root, other.root) &&
    sameTold(one.namespaces, other.namespaces, (a, b) =>
      NAMESPACE_KINDS.every(kind => a[kind] === b[kind]),
    ) &&
    sameTold(one.uidMap, other.uidMap, isDeepStrictEqual)
  );
}

function sameTold<Value>(
  one: Told<Value>,
  other: Told<Value>,
  same: (a: Value, b: Value) => boolean = Object.is,
): boolean {
  if ('failure' in one || 'failure' in other)
    return 'failure' in one && 'failure' in other && one.failure === other.failure;
  return one.value === other.value || same(one.value, other.value);
}

function linksOf({ namespaces, root, uidMap }: Links): readonly {
  readonly control: Control;
  readonly file: string;
  readonly told: Told<unknown>;
}[] {
  return [
    { control: 'namespaces', file: 'ns', told: namespaces },
    { control: 'root_directory', file: 'root', told: root },
    { control: 'user', file: 'uid_map', told: uidMap },
  ];
}

function userOf(hostUid: number | undefined, uidMap: Told<readonly IdMapping[]>): ProcessUser {
  return processUser(hostUid, 'value' in uidMap ? uidMap.value : undefined);
}
