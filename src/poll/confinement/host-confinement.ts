import type { Control } from '../../model/confinement/controls.js';
import type { Namespaces } from '../../model/confinement/process.js';
import { securityLabel } from '../../model/confinement/security-label.js';
import { parseLsmList } from '../../parse/lsm-list.js';
import { createProcessStatus, parseProcessStatus } from '../../parse/proc-status.js';
import { text } from '../../parse/scan.js';
import { failureOf } from '../../read/kernel-file.js';
import type { KernelFiles } from '../../read/kernel-file.js';
import { readProcessStat } from './process-stat.js';
import { readNamespaces } from './process-links.js';

/** What of the host the confinement of its containers is compared with; absent is what could not be read. */
export interface HostConfinement {
  /** The capabilities that the host's first process may ever have, and so the most that any process can. */
  readonly boundingCapabilities: bigint | undefined;
  /** The host's; empty where this process may not look. */
  readonly namespaces: Namespaces;
  /**
   * Whether this process may look at the namespaces and root directories of all others, which takes CAP_SYS_PTRACE
   * (ptrace(2), PTRACE_MODE_READ_FSCREDS), and is in the host's pid namespace to see them.
   */
  readonly mayTrace: boolean;
  /** The files in which security modules show a process's label; none where no module of this kernel does. */
  readonly labels: readonly LabelFile[];
  readonly kernelRelease: string | undefined;
  readonly securityModules: readonly string[] | undefined;
  readonly hasSeccomp: boolean | undefined;
  /** The number of the last capability that this kernel knows. */
  readonly lastCapability: number | undefined;
}

export interface LabelFile {
  /** Below `/proc/<pid>`. */
  readonly file: string;
  /** What remains unverified where it cannot be read. */
  readonly controls: readonly Control[];
  /** Whether SELinux, where it shows its labels there, is enforced. */
  readonly selinuxEnforced: boolean | undefined;
}

export const NO_HOST_CONFINEMENT: HostConfinement = {
  boundingCapabilities: undefined,
  namespaces: {},
  mayTrace: false,
  labels: [],
  kernelRelease: undefined,
  securityModules: undefined,
  hasSeccomp: undefined,
  lastCapability: undefined,
};

/** Reads the host's own confinement, of its first process and of the kernel. */
export function readHostConfinement(
  paths: { readonly procfs: string; readonly rootfs: string },
  files: KernelFiles,
): HostConfinement {
  const { procfs, rootfs } = paths;
  const read = <Value>(path: string, parse: (content: string) => Value): Value | undefined =>
    readText(path, files, parse);
  const namespaces = readHostNamespaces(procfs, files);
  const status = readFirstStatus(procfs, files);
  return {
    boundingCapabilities: status?.capabilities.bounding,
    hasSeccomp: status && status.seccompMode !== undefined,
    namespaces: namespaces ?? {},
    mayTrace: namespaces !== undefined && seesPids(procfs, namespaces),
    labels: findLabelFiles(
      procfs,
      read(`${rootfs}/sys/fs/selinux/enforce`, content => content.trim() === '1'),
      files,
    ),
    kernelRelease: read(`${procfs}/sys/kernel/osrelease`, content => content.trim()),
    lastCapability: read(`${procfs}/sys/kernel/cap_last_cap`, content =>
      /^\d+\s*$/.test(content) ? Number(content) : undefined,
    ),
    securityModules: readModules(`${rootfs}/sys/kernel/security/lsm`, files),
  };
}

/**
 * Those of the first process; where that one lets nobody look, those of kthreadd, the kernel's own second process: its
 * namespaces are the first ones. In another pid namespace the second process is anybody's.
 */
function readHostNamespaces(procfs: string, files: KernelFiles): Namespaces | undefined {
  const first = readNamespaces(`${procfs}/1`);
  if ('value' in first) return first.value;
  if (readProcessStat(`${procfs}/2`, files)?.kernelThread !== true) return undefined;
  const second = readNamespaces(`${procfs}/2`);
  return 'value' in second ? second.value : undefined;
}

/** Outside the host's pid namespace, the kernel lists its processes as 0. */
function seesPids(procfs: string, host: Namespaces): boolean {
  const own = readNamespaces(`${procfs}/self`);
  return !('value' in own) || own.value.pid === undefined || own.value.pid === host.pid;
}

function readFirstStatus(
  procfs: string,
  files: KernelFiles,
): ReturnType<typeof createProcessStatus> | undefined {
  const length = files.readOnce(`${procfs}/1/status`);
  if (length < 0) return undefined;
  const status = createProcessStatus();
  try {
    parseProcessStatus(files.bytes, length, status);
    return status;
  } catch {
    return undefined;
  }
}

/** The same order as container runtimes have: AppArmor's own file where there is one, then the one that modules share. */
function findLabelFiles(
  procfs: string,
  selinuxEnforced: boolean | undefined,
  files: KernelFiles,
): readonly LabelFile[] {
  const found: LabelFile[] = [];
  const add = (file: string, ...controls: readonly Control[]): unknown =>
    found.push({ file, controls, selinuxEnforced });
  const own = readLabel(`${procfs}/1/attr/apparmor/current`, files);
  if (own !== 'none') add('attr/apparmor/current', 'apparmor');
  const shared = readLabel(`${procfs}/1/attr/current`, files);
  if (shared === 'selinux') add('attr/current', 'selinux');
  else if (own === 'none' && shared === 'apparmor') add('attr/current', 'apparmor');
  else if (own === 'none' && shared === 'unknown') add('attr/current', 'apparmor', 'selinux');
  return found;
}

function readLabel(path: string, files: KernelFiles): 'apparmor' | 'selinux' | 'none' | 'unknown' {
  const length = files.readOnce(path);
  if (length < 0) return failureOf(length) === 'forbidden' ? 'unknown' : 'none';
  try {
    return securityLabel(text(files.bytes, 0, length), undefined).selinux === undefined
      ? 'apparmor'
      : 'selinux';
  } catch {
    return 'unknown';
  }
}

function readModules(path: string, files: KernelFiles): readonly string[] | undefined {
  const length = files.readOnce(path);
  if (length < 0) return undefined;
  try {
    return parseLsmList(files.bytes, length);
  } catch {
    return undefined;
  }
}

function readText<Value>(
  path: string,
  files: KernelFiles,
  parse: (content: string) => Value,
): Value | undefined {
  const length = files.readOnce(path);
  return length < 0 ? undefined : parse(text(files.bytes, 0, length));
}
