import { parseAppArmorLabel } from '../../parse/apparmor.js';
import type { AppArmorLabel } from '../../parse/apparmor.js';
import { createProcessStatus, parseProcessStatus } from '../../parse/proc-status.js';
import type { ProcessStatus } from '../../parse/proc-status.js';
import { text } from '../../parse/scan.js';
import { looksLikeSelinuxContext, parseSelinuxContext } from '../../parse/selinux.js';
import type { AppArmorConfinement, ProcessConfinement, SelinuxContext } from '../sample.js';
import { section } from '../section.js';

/**
 * What confines one process: seccomp, capabilities and NoNewPrivs from `/proc/<pid>/status` (proc_pid_status(5)),
 * the LSM's label from `/proc/<pid>/attr` (userspace-api/lsm.rst).
 */
export const confinement = section(
  {
    status: {
      directory: 'process',
      file: 'status',
      tier: 'poll',
      parse: (bytes, length, previous: ProcessStatus = createProcessStatus()) => {
        parseProcessStatus(bytes, length, previous);
        return previous;
      },
    },
    apparmor: {
      directory: 'process',
      file: 'attr/apparmor/current',
      tier: 'slow',
      parse: (bytes, length) => parseAppArmorLabel(text(bytes, 0, length)),
    },
    current: { directory: 'process', file: 'attr/current', tier: 'slow', parse: parseCurrent },
  },
  ({ status, apparmor, current }): ProcessConfinement | undefined =>
    status && {
      seccompMode: status.seccompMode,
      seccompFilters: status.seccompFilters,
      noNewPrivileges: status.noNewPrivileges,
      capabilities: { ...status.capabilities },
      apparmor: apparmorOf(apparmor ?? current?.apparmor),
      selinux: current?.selinux,
    },
);

/** `attr/current` belongs to the first security module that shows labels: SELinux, or AppArmor. */
function parseCurrent(
  bytes: Uint8Array,
  length: number,
): { selinux?: SelinuxContext; apparmor?: AppArmorLabel } {
  const label = text(bytes, 0, length);
  return looksLikeSelinuxContext(label)
    ? { selinux: parseSelinuxContext(label) }
    : { apparmor: parseAppArmorLabel(label) };
}

function apparmorOf(label: AppArmorLabel | undefined): AppArmorConfinement | undefined {
  if (label === undefined) return undefined;
  const { profile, mode } = label;
  return { profile, mode: mode ?? 'unconfined', confined: mode === 'enforce' || mode === 'kill' };
}
