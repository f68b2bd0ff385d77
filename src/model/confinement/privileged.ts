import type { ProcessConfinement } from './process.js';

/**
 * The capabilities up to AUDIT_READ, the last one for years. Those since (Linux 5.8) are parts of SYS_ADMIN, which stands
 * in for them; a runtime that is older than the kernel does not give them to a privileged container either.
 */
const BEFORE_SYS_ADMIN_WAS_SPLIT = (1n << 38n) - 1n;

/**
 * Whether a process has what `--privileged` gives, as the kernel shows it: all capabilities that the host's own first
 * process may have, no seccomp filter, and no security module that confines it. The bounding set counts, since a
 * program with setuid root takes all of it. Absent where that cannot be told.
 */
export function isPrivileged(
  { capabilities, seccompMode, label, unverified }: ProcessConfinement,
  hostBounding: bigint | undefined,
): boolean | undefined {
  const { bounding } = capabilities;
  if (bounding === undefined || hostBounding === undefined) return undefined;
  const all = hostBounding & BEFORE_SYS_ADMIN_WAS_SPLIT;
  if ((bounding & all) !== all || (seccompMode ?? 0) > 0) return false;
  if (label.apparmor?.confined === true || label.selinux?.confined === true) return false;
  return unverified.has('apparmor') || unverified.has('selinux') ? undefined : true;
}

/** Whether any process of a container is privileged. */
export function holdsPrivileged(
  processes: readonly ProcessConfinement[],
  complete: boolean,
  hostBounding: bigint | undefined,
): boolean | undefined {
  let known = complete;
  for (const one of processes) {
    const privileged = isPrivileged(one, hostBounding);
    if (privileged === true) return true;
    known &&= privileged !== undefined;
  }
  return known && processes.length > 0 ? false : undefined;
}
