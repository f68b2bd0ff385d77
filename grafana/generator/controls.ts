import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { badIf, COLOURS, goodIf, noneOr, UNREAD, UNVERIFIED, words } from './field.js';
import { orZeroIf, perContainer } from './selectors.js';

/** Names the series of a metric that a dashboard is about. */
export type Select = (metric: string, ...matchers: readonly string[]) => string;

/** One thing that confines a container, as one number with words for its values. */
export interface Control {
  readonly title: string;
  /** What is shown and what is good, for whoever has not read the documentation. */
  readonly description: string;
  /** One series for each container; {@link UNVERIFIED} where it could not be read. */
  readonly expr: string;
  readonly mappings: ValueMapping[];
  /** The alert that tells of it. */
  readonly alert: string;
  /** Set where the hosts that have none of this show no series at all, and why. */
  readonly absent?: string;
}

/**
 * What confines containers, of all their processes together: the worst of them counts. A control that could not be read
 * is told apart from one that is fine, and from one that this host does not have.
 */
export function controls(select: Select): Control[] {
  return [...processControls(select), ...containerControls(select)];
}

/** A control's value for each container, or else that it could not be read. */
function verified(select: Select, control: string, expression: string): string {
  const unverified = perContainer('max', select('container_posture_unverified', `control="${control}"`));
  return `${expression} or ${UNVERIFIED} * ${unverified}`;
}

function processControls(select: Select): Control[] {
  const worst = (metric: string): string => perContainer('max', select(metric, 'scope="any"'));
  return [
    {
      title: 'Seccomp',
      description:
        'How system calls are filtered, of the process with the least of it. Disabled: every system call of the kernel is open.',
      expr: verified(select, 'seccomp', worst('container_seccomp_mode')),
      mappings: words({
        0: ['disabled', COLOURS.bad],
        1: ['strict', COLOURS.good],
        2: ['filter', COLOURS.good],
        ...UNREAD,
      }),
      alert: 'ConfinedSeccompDisabled',
    },
    {
      title: 'AppArmor',
      description:
        'Whether a profile is enforced for every process. Complain mode and unconfined confine nothing.',
      expr: verified(select, 'apparmor', worst('container_apparmor_confined')),
      mappings: goodIf('enforced', 'unconfined'),
      alert: 'ConfinedAppArmorLost',
      absent: 'no AppArmor here',
    },
    {
      title: 'SELinux',
      description: 'Whether SELinux is enforced and the type of every process is one that confines.',
      expr: verified(select, 'selinux', worst('container_selinux_confined')),
      mappings: goodIf('enforced', 'unconfined'),
      alert: 'ConfinedSelinuxLost',
      absent: 'no SELinux here',
    },
    {
      title: 'Capabilities',
      description:
        'Capabilities beyond the baseline (as a rule the 14 of Docker) that some process has, holds in reserve or passes on.',
      expr: verified(select, 'capabilities', heldCapabilities(select)),
      mappings: noneOr(),
      alert: 'ConfinedCapabilityExtra',
    },
    {
      title: 'Bounding set',
      description:
        'Capabilities beyond the baseline that no process has yet, but that a program with setuid bit or file capabilities can bring.',
      expr: verified(select, 'capabilities', boundingCapabilities(select)),
      mappings: noneOr(COLOURS.warning),
      alert: 'ConfinedCapabilityBoundingOnly',
    },
    {
      title: 'New privileges',
      description:
        'Whether programs with setuid bit or file capabilities can raise the privileges of a process. Docker allows it unless no-new-privileges is set.',
      expr: verified(select, 'no_new_privileges', worst('container_no_new_privileges')),
      mappings: goodIf('blocked', 'allowed', COLOURS.notice),
      alert: 'ConfinedPrivilegedExec',
    },
    {
      title: 'Root on the host',
      description:
        "Processes that run as the host's root: whoever breaks out of them is root. User namespaces or another user prevent it.",
      expr: verified(select, 'user', perContainer('max', select('container_root_processes', 'view="host"'))),
      mappings: noneOr(COLOURS.notice),
      alert: 'ConfinedRootWithoutUserNamespace',
    },
    {
      title: 'Privileged',
      description:
        'Whether the kernel lets a process of the container do all that the host allows: no seccomp filter, all capabilities, no profile.',
      expr: verified(
        select,
        'privileged',
        perContainer('max', select('container_privileged', 'view="kernel"')),
      ),
      mappings: badIf('privileged', 'no'),
      alert: 'ConfinedContainerPrivileged',
    },
  ];
}

function containerControls(select: Select): Control[] {
  const shared = select('container_namespace_host_shared', 'namespace=~"ipc|mnt|net|pid|uts"');
  return [
    {
      title: 'Host namespaces',
      description:
        "How many of the host's namespaces (ipc, mnt, net, pid, uts) a process of the container is in.",
      expr: verified(select, 'namespaces', perContainer('sum', shared)),
      mappings: noneOr(COLOURS.warning),
      alert: 'ConfinedHostNamespaceShared',
    },
    {
      title: 'Foreign processes',
      description:
        "Processes inside one of the container's namespaces that belong to no container that shares it, as nsenter leaves them.",
      expr: verified(
        select,
        'namespaces',
        perContainer('max', select('container_namespace_foreign_processes')),
      ),
      mappings: noneOr(),
      alert: 'ConfinedNamespaceForeignProcess',
    },
    {
      title: 'Root file system',
      description: 'Whether the root file system is mounted read-only.',
      expr: verified(select, 'readonly_rootfs', perContainer('max', select('container_rootfs_readonly'))),
      mappings: goodIf('read-only', 'writable', COLOURS.notice),
      alert: 'ConfinedPostureDrift',
    },
    {
      title: 'Unmasked paths',
      description:
        'Paths of /proc and /sys that Docker hides or makes read-only, and that are open to this container.',
      expr: verified(select, 'masked_paths', perContainer('max', select('container_masked_paths_missing'))),
      mappings: noneOr(),
      alert: 'ConfinedPostureDrift',
    },
    {
      title: 'Sensitive mounts',
      description:
        "Mounts that show the container runtime's socket, the host's root or other sensitive parts of it.",
      expr: verified(
        select,
        'sensitive_mounts',
        orZeroIf(
          perContainer('max', select('container_masked_paths_missing')),
          perContainer('count', select('container_sensitive_mount')),
        ),
      ),
      mappings: noneOr(),
      alert: 'ConfinedSensitiveMountWritable',
    },
    {
      title: 'Drift',
      description: 'Controls that the kernel enforces less than the container was configured with.',
      expr: perContainer('sum', select('container_posture_drift')),
      mappings: noneOr(),
      alert: 'ConfinedPostureDrift',
    },
    {
      title: 'Unverified',
      description: 'Controls that could not be read of some process: they may be weaker than what is shown.',
      expr: unverifiedControls(select),
      mappings: noneOr(COLOURS.unknown),
      alert: 'ConfinedPostureUnverified',
    },
  ];
}

/** How many controls of each container could not be read. */
function unverifiedControls(select: Select): string {
  return orZeroIf(
    perContainer('max', select('container_privileged', 'view="kernel"')),
    perContainer('sum', select('container_posture_unverified')),
  );
}

function heldCapabilities(select: Select): string {
  return capabilityCount(select, 'set!="bounding"', 'set="effective"');
}

function boundingCapabilities(select: Select): string {
  return capabilityCount(select, 'set="bounding"', 'set="bounding"');
}

/** Each capability once, in however many of the sets it is. */
function capabilityCount(select: Select, sets: string, seenSet: string): string {
  const extra = select('container_capability_extra', sets, 'scope="any"');
  const seen = select('container_capabilities', seenSet, 'scope="any"');
  return orZeroIf(perContainer('max', seen), perContainer('count', perContainer('max', extra, 'capability')));
}
