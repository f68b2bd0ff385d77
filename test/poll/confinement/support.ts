import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACE_KINDS } from '../../../src/model/confinement/namespace-kinds.js';
import type { Namespaces } from '../../../src/model/confinement/process.js';
import { NO_HOST_CONFINEMENT } from '../../../src/poll/confinement/host-confinement.js';
import type { HostConfinement, LabelFile } from '../../../src/poll/confinement/host-confinement.js';

export const FIRST_UID_MAP = '         0          0 4294967295\n';

/** The host's namespaces are 1 of each kind in all tests. */
export const HOST_NAMESPACES = inAll(1);

/** A host on which AppArmor shows labels in attr/current, and everything may be looked at. */
export const APPARMOR: LabelFile = {
  file: 'attr/current',
  controls: ['apparmor'],
  selinuxEnforced: undefined,
};
export function hostConfinement(of: Partial<HostConfinement> = {}): HostConfinement {
  return {
    ...NO_HOST_CONFINEMENT,
    boundingCapabilities: 0x1ff_ffff_ffffn,
    namespaces: HOST_NAMESPACES,
    mayTrace: true,
    labels: [APPARMOR],
    ...of,
  };
}

/** A process that is in namespace `inode` of every kind, but for those that a test says. */
export function inAll(inode: number, but: Namespaces = {}): Namespaces {
  return { ...Object.fromEntries(NAMESPACE_KINDS.map(kind => [kind, inode])), ...but };
}

/** What a test says of a process; the rest is as Docker starts one by default, on a host with AppArmor. */
export interface FakeProcess {
  readonly name?: string;
  readonly state?: string;
  readonly threads?: number;
  /** In each pid namespace, from the outermost on. */
  readonly pids?: readonly number[];
  readonly uid?: number;
  readonly seccomp?: number;
  readonly bounding?: string;
  readonly status?: string;
  readonly namespaces?: Namespaces;
  readonly root?: string;
  readonly uidMap?: string;
  /** Files below `/proc/<pid>`, or undefined for one that is not there. */
  readonly files?: Readonly<Record<string, string | undefined>>;
}

/** A line for each field, as fs/proc/array.c prints them. */
export function statusOf(pid: number, of: FakeProcess): string {
  const { name = 'nginx', state = 'S', threads = 1, uid = 0, seccomp = 2 } = of;
  const { pids = [pid, 1], bounding = '00000000a80425fb' } = of;
  return [
    `Name:\t${name}`,
    `State:\t${state} (whatever)`,
    `Tgid:\t${pid}`,
    `Pid:\t${pid}`,
    'PPid:\t1',
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `NSpid:\t${pids.join('\t')}`,
    `Threads:\t${threads}`,
    'CapInh:\t0000000000000000',
    'CapPrm:\t00000000a80425fb',
    'CapEff:\t00000000a80425fb',
    `CapBnd:\t${bounding}`,
    'CapAmb:\t0000000000000000',
    'NoNewPrivs:\t0',
    `Seccomp:\t${seccomp}`,
    `Seccomp_filters:\t${seccomp === 2 ? 1 : 0}`,
    '',
  ].join('\n');
}

/** Lays out `/proc/<pid>`; of one that is there, open files show what is written now. */
export function writeProcess(procfs: string, pid: number, of: FakeProcess = {}): string {
  const directory = join(procfs, String(pid));
  for (const link of ['ns', 'root']) rmSync(join(directory, link), { recursive: true, force: true });
  mkdirSync(join(directory, 'ns'), { recursive: true });
  mkdirSync(join(directory, 'attr/apparmor'), { recursive: true });
  for (const [kind, inode] of Object.entries(of.namespaces ?? inAll(5)))
    symlinkSync(`${kind}:[${inode}]`, join(directory, 'ns', kind));
  symlinkSync(of.root ?? '/', join(directory, 'root'));
  const files = {
    status: of.status ?? statusOf(pid, of),
    uid_map: of.uidMap ?? FIRST_UID_MAP,
    cgroup: '0::/init.scope\n',
    'attr/current': 'docker-default (enforce)\n',
    ...of.files,
  };
  for (const [file, content] of Object.entries(files))
    if (content !== undefined) writeFileSync(join(directory, file), content);
  return directory;
}

export function removeProcess(procfs: string, pid: number): void {
  rmSync(join(procfs, String(pid)), { recursive: true });
}

/** Does all the steps of a piece of work. */
export function finish(steps: Iterable<void, void, undefined>): void {
  for (const _ of steps);
}
