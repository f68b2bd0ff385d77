import { parseAppArmorLabel } from '../../parse/apparmor.js';
import { looksLikeSelinuxContext, parseSelinuxContext } from '../../parse/selinux.js';

export interface AppArmorConfinement {
  readonly profile: string;
  readonly mode: string;
  /** Whether the profile is enforced; complain mode and flags=(unconfined) confine nothing. */
  readonly confined: boolean;
}

export interface SelinuxContext {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string | undefined;
  /** Whether the type is kept from anything that others may do; absent where that cannot be told. */
  readonly confined: boolean | undefined;
}

/** What Linux security modules say of a process; each absent where the kernel does not have it. */
export interface SecurityLabel {
  readonly apparmor?: AppArmorConfinement;
  readonly selinux?: SelinuxContext;
}

/**
 * Types that confine nothing: that of super-privileged containers, and those of the services that start containers, in
 * which a container stays when labelling is switched off for it (container-selinux, refpolicy).
 */
const UNCONFINED_SELINUX_TYPES: ReadonlySet<string> = new Set([
  'spc_t',
  'unconfined_t',
  'unconfined_service_t',
  'container_runtime_t',
  'docker_t',
  'initrc_t',
  'init_t',
  'kernel_t',
]);

/**
 * The label of `/proc/<pid>/attr/current`, which belongs to the first security module that shows labels, SELinux or
 * AppArmor, or of `attr/apparmor/current` (userspace-api/lsm.rst). `selinuxEnforced` is whether SELinux does more than
 * to log, where that is known.
 *
 * @throws {ParseError} where it is the label of neither.
 */
export function securityLabel(label: string, selinuxEnforced: boolean | undefined): SecurityLabel {
  if (looksLikeSelinuxContext(label)) {
    const context = parseSelinuxContext(label);
    return { selinux: { ...context, confined: isConfined(context.type, selinuxEnforced) } };
  }
  const { profile, mode } = parseAppArmorLabel(label);
  const confined = mode === 'enforce' || mode === 'kill';
  return { apparmor: { profile, mode: mode ?? 'unconfined', confined } };
}

function isConfined(type: string, enforced: boolean | undefined): boolean | undefined {
  return UNCONFINED_SELINUX_TYPES.has(type) ? false : enforced;
}
