import type { ContainerConfiguration } from '../../discover/container.js';
import type { CpuSample, MemorySample } from '../sample.js';
import type { TaskCounts } from '../tasks.js';
import type { AllProcesses } from './all-processes.js';
import type { Control } from './controls.js';
import { expectedConfinement } from './expected.js';
import type { DaemonSecurityOptions } from './expected.js';
import { limitsOf } from './limits.js';

/** The controls whose kernel state is compared with what was configured. */
export const DRIFT_CONTROLS = [
  'seccomp',
  'apparmor',
  'selinux',
  'capabilities',
  'no_new_privileges',
  'readonly_rootfs',
  'user',
  'privileged',
  'memory_limit',
  'cpu_limit',
  'pids_limit',
] as const satisfies readonly Control[];
export type DriftControl = (typeof DRIFT_CONTROLS)[number];

/** Of each control, whether the kernel is weaker than what was configured; absent where one of the two is not known. */
export type Drift = Readonly<Partial<Record<DriftControl, boolean | undefined>>>;

/** What the kernel shows of a container, as far as a configuration says something about it. */
export interface KernelState {
  readonly all: AllProcesses;
  readonly privileged: boolean | undefined;
  readonly rootReadonly: boolean | undefined;
  readonly cpu: CpuSample | undefined;
  readonly memory: MemorySample | undefined;
  readonly tasks: TaskCounts | undefined;
}

/** Compares a container's configuration with what the kernel shows; a kernel that is stricter is no drift. */
export function findDrift(
  configuration: ContainerConfiguration,
  daemonOptions: DaemonSecurityOptions,
  kernel: KernelState,
): Drift {
  const expected = expectedConfinement(configuration, daemonOptions);
  const { all } = kernel;
  const limits = limitsOf(kernel);
  return {
    seccomp: weaker(
      expected.seccompFiltered,
      all.seccompMode === undefined ? undefined : all.seccompMode > 0,
    ),
    apparmor: labelled(expected.apparmorConfined, all.apparmorConfined),
    selinux: labelled(expected.selinuxConfined, all.selinuxConfined),
    capabilities: exceeds(all, expected.capabilities),
    no_new_privileges: weaker(expected.noNewPrivileges, all.noNewPrivileges),
    readonly_rootfs: weaker(expected.rootReadonly, kernel.rootReadonly),
    user: weaker(
      expected.unprivilegedUser,
      all.containerUid === undefined ? undefined : all.containerUid > 0,
    ),
    privileged: expected.privileged ? false : kernel.privileged,
    memory_limit: looser(configuration.memoryLimitBytes, limits.memory),
    cpu_limit: looser(configuration.cpuLimitCores, limits.cpu),
    pids_limit: looser(configuration.pidsLimit, limits.pids),
  };
}

function weaker(expected: boolean | undefined, kernel: boolean | undefined): boolean | undefined {
  if (expected === false) return false;
  return expected === undefined || kernel === undefined ? undefined : !kernel;
}

/** On a host without the security module there is nothing to compare, whatever was configured. */
function labelled(expected: boolean | undefined, kernel: boolean | undefined): boolean | undefined {
  return kernel === undefined ? undefined : weaker(expected, kernel);
}

/** Inheritable capabilities give nothing by themselves, and engines before 20.10.14 filled that set. */
function exceeds(
  { capabilities, seenCapabilities }: AllProcesses,
  allowed: bigint | undefined,
): boolean | undefined {
  if (allowed === undefined) return false;
  const { effective = 0n, permitted = 0n, bounding = 0n, ambient = 0n } = seenCapabilities;
  if (((effective | permitted | bounding | ambient) & ~allowed) !== 0n) return true;
  return capabilities.effective === undefined || capabilities.bounding === undefined ? undefined : false;
}

/** Whether the kernel lets a container use more than was configured; it rounds limits down to whole pages. */
function looser(configured: number | undefined, kernel: number | undefined): boolean | undefined {
  if (configured === undefined) return false;
  return kernel === undefined ? undefined : kernel > configured * LIMIT_TOLERANCE;
}

/** A share of a CPU cannot always be written in whole microseconds. */
const LIMIT_TOLERANCE = 1.001;
