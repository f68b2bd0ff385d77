import type { Container } from '../../discover/container.js';
import { belongsTo } from '../../locate/locate.js';
import { allProcesses } from '../../model/confinement/all-processes.js';
import type { AllProcesses } from '../../model/confinement/all-processes.js';
import { MOUNT_CONTROLS, PROCESS_CONTROLS } from '../../model/confinement/controls.js';
import type { Control } from '../../model/confinement/controls.js';
import type { MountFacts } from '../../model/confinement/mounts.js';
import type { ProcessConfinement } from '../../model/confinement/process.js';
import type { HostPaths } from '../../model/confinement/sensitive-mounts.js';
import { parseCgroupMembership } from '../../parse/proc-cgroup.js';
import type { ProcessList } from '../process-list.js';
import type { HostConfinement, LabelFile } from './host-confinement.js';
import { MountReader } from './mount-reader.js';
import { ProcessFiles } from './process-files.js';
import type { ProcessContext } from './process-files.js';

/** What a look needs to know beside the container's own files. */
export interface LookContext {
  readonly monotonicSeconds: number;
  readonly host: HostConfinement;
  readonly hostPaths: HostPaths;
  /** All containers that are known. */
  readonly containerIds: ReadonlySet<string>;
  /** Whether this kernel has a path of /proc or /sys. */
  readonly kernelHas: (path: string) => boolean;
}

/** A container's confinement as far as its own files tell it. */
export interface OwnConfinement {
  readonly init: ProcessConfinement | undefined;
  readonly processes: readonly ProcessConfinement[];
  /** Whether these are all of them. */
  readonly complete: boolean;
  readonly all: AllProcesses;
  readonly mounts: MountFacts | undefined;
  readonly unverified: ReadonlyMap<Control, string>;
}

/** Looks at all processes of one run of a container. */
export class ConfinementSampler {
  /** As it was seen last; another object when anything changed, absent while there is nothing to look at. */
  own: OwnConfinement | undefined;
  /** Whether the first process has ended. */
  gone = false;
  /** Whether a process was still being prepared by the runtime at the last look. */
  settingUp = false;
  /** All that its cgroups listed at the last look; absent where some list could not be read. */
  pids: readonly number[] | undefined;
  /** Where security modules showed labels at the last look; files are opened anew when that changes. */
  private labels: readonly LabelFile[] = [];
  private readonly known = new Map<number, ProcessFiles>();
  private readonly mounts: MountReader;

  private readonly list: ProcessList;
  private readonly firstPid: number | undefined;
  private readonly context: ProcessContext;

  /** `firstPid` is the container's first process, where the runtime tells it. */
  constructor(list: ProcessList, firstPid: number | undefined, context: ProcessContext) {
    this.list = list;
    this.firstPid = firstPid;
    this.context = context;
    this.mounts = new MountReader(context);
  }

  /** Looks at every process, with a pause after each; `slow` reads anew what rarely changes. */
  *look(container: Container, slow: boolean, context: LookContext): Generator<void, void, undefined> {
    const pids = this.list.read(slow);
    this.pids = pids;
    if (context.host.labels !== this.labels) this.forget(new Set());
    this.labels = context.host.labels;
    this.forget(new Set(pids));
    const unseen: number[] = [];
    const seen: ProcessFiles[] = [];
    this.settingUp = false;
    let ended = this.list.ended || pids?.length === 0;
    for (const pid of pids ?? []) {
      const process = this.process(pid, context.host);
      const look = pid === 0 ? 'unseen' : this.lookAt(process, container, slow, context);
      if (look === 'unseen') unseen.push(pid);
      else if (look === 'ended') {
        this.drop(pid);
        ended ||= pid === this.firstPid;
      } else if (process.isSettingUp(context.monotonicSeconds)) this.settingUp = true;
      else seen.push(process);
      yield;
    }
    const init = this.findInit(seen);
    if (init === undefined) this.mounts.fail('mountinfo: the first process is not seen');
    else if (slow || this.mounts.facts === undefined)
      this.mounts.read(init.pid, init.confinement, container.configuration, context);
    const listedNow = unseen.length === 0 ? pids : this.list.read(false);
    const stillThere = new Set(listedNow);
    const hidden = listedNow && unseen.filter(pid => stillThere.has(pid)).length;
    // A list with pids of 0 shows too little to miss one in it.
    const listed = listedNow !== undefined && !stillThere.has(0);
    this.gone = this.list.ended || (listed && this.firstPid !== undefined && !stillThere.has(this.firstPid));
    // Nothing can be said of a container that has ended, or whose first process its runtime is still preparing.
    if (ended || (this.settingUp && seen.length === 0)) this.own = undefined;
    else this.update(init?.confinement, seen, hidden);
  }

  /** A look was broken off: what was seen before says nothing of how the container is now. */
  lookFailed(): void {
    this.pids = undefined;
    this.mounts.fail('mountinfo: not read');
    this.update(undefined, [], undefined);
  }

  close(): void {
    this.list.close();
    for (const process of this.known.values()) process.close();
    this.known.clear();
  }

  private lookAt(
    process: ProcessFiles,
    container: Container,
    slow: boolean,
    { containerIds, monotonicSeconds }: LookContext,
  ): 'seen' | 'ended' | 'unseen' {
    const opensAnew = process.looks === 0 || process.reopens;
    const look = process.look(slow, monotonicSeconds);
    if (look !== 'seen' || !opensAnew || this.isOwn(process.pid, container, containerIds)) return look;
    // Between the list and the opening of its files, another process has got the pid.
    this.drop(process.pid);
    return 'unseen';
  }

  private isOwn(pid: number, { id }: Container, containerIds: ReadonlySet<string>): boolean {
    const { files, procfs } = this.context;
    const length = files.readOnce(`${procfs}/${pid}/cgroup`);
    return length >= 0 && belongsTo(id, parseCgroupMembership(files.bytes, length), containerIds);
  }

  private process(pid: number, host: HostConfinement): ProcessFiles {
    let process = this.known.get(pid);
    if (process === undefined) {
      process = new ProcessFiles(pid, this.context, host);
      this.known.set(pid, process);
    }
    return process;
  }

  private forget(pids: ReadonlySet<number>): void {
    for (const pid of this.known.keys()) if (!pids.has(pid)) this.drop(pid);
  }

  private drop(pid: number): void {
    this.known.get(pid)?.close();
    this.known.delete(pid);
  }

  /** The one that the runtime names; without a runtime, the outermost one that is the first of its pid namespace. */
  private findInit(seen: readonly ProcessFiles[]): ProcessFiles | undefined {
    if (this.firstPid !== undefined) return seen.find(({ pid }) => pid === this.firstPid);
    return seen
      .filter(process => process.innermostPid === 1 && process.pidNamespaceDepth > 1)
      .toSorted((a, b) => a.pidNamespaceDepth - b.pidNamespaceDepth)[0];
  }

  private update(
    init: ProcessConfinement | undefined,
    seen: readonly ProcessFiles[],
    hidden: number | undefined,
  ): void {
    const processes = seen.flatMap(({ confinement }) => confinement ?? []);
    const complete = hidden === 0 && processes.length > 0;
    const { own } = this;
    const mounts = this.mounts.facts;
    const same =
      own?.complete === complete &&
      own.init === init &&
      own.mounts === mounts &&
      own.processes.length === processes.length &&
      own.processes.every((one, index) => one === processes[index]);
    if (same) return;
    const all = allProcesses(init, processes, complete);
    const unverified = this.findUnverified(init, processes, hidden);
    this.own = { init, processes, complete, all, mounts, unverified };
  }

  private findUnverified(
    init: ProcessConfinement | undefined,
    processes: readonly ProcessConfinement[],
    hidden: number | undefined,
  ): ReadonlyMap<Control, string> {
    const unverified = new Map<Control, string>(processes.flatMap(one => [...one.unverified]));
    const add = (reason: string, controls: readonly Control[]): void => {
      for (const control of controls) if (!unverified.has(control)) unverified.set(control, reason);
    };
    if (hidden === undefined) add('the list of its processes cannot be read', PROCESS_CONTROLS);
    else if (hidden > 0) add(`processes that cannot be seen: ${hidden}`, PROCESS_CONTROLS);
    else if (init === undefined) add('the first process is not seen', PROCESS_CONTROLS);
    if (this.mounts.failure !== undefined) add(this.mounts.failure, MOUNT_CONTROLS);
    else if (this.mounts.facts?.sensitive === undefined)
      add("the host's own mounts cannot be read", ['sensitive_mounts']);
    return unverified;
  }
}
