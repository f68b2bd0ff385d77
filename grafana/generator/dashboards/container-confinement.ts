import { controls, type Control } from '../controls.js';
import { COLOURS, noneIsGood, words } from '../field.js';
import type { Row } from '../frame.js';
import { runbook } from '../links.js';
import { increase, ofContainer } from '../selectors.js';
import { stat } from '../stat.js';
import { table } from '../table.js';
import { timeSeries } from '../time-series.js';

/** What confines it, control by control and then in detail. */
export function confinement(): Row[] {
  return [
    { title: 'What confines it', panels: controls(ofContainer).map(tile) },
    { title: 'Capabilities and labels', panels: capabilitiesAndLabels() },
    { title: 'Namespaces, mounts, drift', panels: namespacesAndMounts() },
    { title: 'Changes of its posture', panels: changes() },
  ];
}

function tile(
  { title, description, expr, mappings, alert, absent }: Control,
  index: number,
  all: Control[],
): Row['panels'][number] {
  // The last one takes what its line leaves.
  const span = index === all.length - 1 ? 24 - 3 * (index % 8) : 3;
  return stat({
    title,
    description,
    unit: 'short',
    span,
    height: 4,
    mappings,
    noValue: absent ?? 'not seen',
    links: [runbook(alert)],
    queries: [{ expr, legend: '{{name}}' }],
  });
}

function capabilitiesAndLabels(): Row['panels'] {
  const third = { span: 8, height: 11 } as const;
  return [
    table({
      ...third,
      title: 'Capability sets',
      description: 'How many capabilities each set holds: of the first process, and of all together (any).',
      noValue: 'not seen',
      keys: [{ label: 'id' }, { label: 'set', title: 'Set' }, { label: 'scope', title: 'Scope' }],
      columns: [
        { title: 'Capabilities', expr: `max by (id, set, scope) (${ofContainer('container_capabilities')})` },
      ],
    }),
    table({
      ...third,
      title: 'Extra capabilities',
      description: 'Capabilities beyond the baseline, and in how many sets they are.',
      noValue: 'It has no capability beyond the baseline.',
      links: [runbook('ConfinedCapabilityExtra')],
      keys: [{ label: 'id' }, { label: 'capability', title: 'Capability' }],
      columns: [
        {
          title: 'Sets',
          expr: `count by (id, capability) (${ofContainer('container_capability_extra', 'scope="any"')})`,
        },
        {
          title: 'Processes',
          expr: `max by (id, capability) (${ofContainer('container_capability_processes')})`,
        },
      ],
    }),
    table({
      ...third,
      title: 'Profiles',
      description: 'The AppArmor profiles among its processes, with their modes.',
      noValue: 'This host has no AppArmor.',
      links: [runbook('ConfinedAppArmorLost')],
      keys: [{ label: 'id' }, { label: 'profile', title: 'Profile' }, { label: 'mode', title: 'Mode' }],
      columns: [
        {
          title: 'Profiles',
          hidden: true,
          expr: `max by (id, profile, mode) (${ofContainer('container_apparmor_profile_info')})`,
        },
      ],
    }),
    table({
      ...third,
      title: 'Users',
      description:
        'Effective user id of its first process, and the smallest of all, as the container and as the host see it.',
      noValue: 'not seen',
      keys: [{ label: 'id' }, { label: 'scope', title: 'Scope' }, { label: 'view', title: 'Seen from' }],
      columns: [
        {
          title: 'User id',
          expr: `max by (id, scope, view) (${ofContainer('container_uid')})`,
          unit: 'none',
        },
      ],
    }),
    table({
      ...third,
      title: 'Processes by seccomp mode',
      description: 'How many of its processes are in each mode.',
      noValue: 'not seen',
      keys: [{ label: 'id' }, { label: 'mode', title: 'Mode' }],
      columns: [
        { title: 'Processes', expr: `max by (id, mode) (${ofContainer('container_seccomp_processes')})` },
      ],
    }),
    table({
      ...third,
      title: 'SELinux contexts',
      description: 'The SELinux contexts among its processes.',
      noValue: 'This host has no SELinux.',
      links: [runbook('ConfinedSelinuxLost')],
      keys: [
        { label: 'id' },
        { label: 'user', title: 'User' },
        { label: 'role', title: 'Role' },
        { label: 'type', title: 'Type' },
        { label: 'level', title: 'Level' },
      ],
      columns: [
        {
          title: 'Contexts',
          hidden: true,
          expr: `max by (id, user, role, type, level) (${ofContainer('container_selinux_info')})`,
        },
      ],
    }),
  ];
}

function namespacesAndMounts(): Row['panels'] {
  const half = { span: 12, height: 9 } as const;
  const byNamespace = (metric: string): string => `max by (id, namespace) (${ofContainer(metric)})`;
  return [
    table({
      ...half,
      title: 'Namespaces',
      description:
        'Its namespaces: whether they are those of the host, how many other containers are in them, and how many processes from outside.',
      noValue: 'They can not be read without the right to look into other processes (ptrace).',
      links: [runbook('ConfinedHostNamespaceShared'), runbook('ConfinedNamespaceForeignProcess')],
      keys: [{ label: 'id' }, { label: 'namespace', title: 'Namespace' }],
      columns: [
        { title: 'Inode', expr: byNamespace('container_namespace_inode'), unit: 'none' },
        {
          title: 'Of the host',
          expr: byNamespace('container_namespace_host_shared'),
          mappings: words({ 0: ['no', COLOURS.good], 1: ['yes', COLOURS.notice] }),
          colour: 'text',
        },
        { title: 'Other containers', expr: byNamespace('container_namespace_peers') },
        {
          title: 'Foreign processes',
          expr: byNamespace('container_namespace_foreign_processes'),
          thresholds: noneIsGood(),
          colour: 'text',
        },
      ],
    }),
    table({
      ...half,
      title: 'Sensitive mounts',
      description: 'What of the host it can see. Read-only keeps it from writing, except through a socket.',
      noValue: 'It mounts no sensitive part of the host.',
      links: [runbook('ConfinedSensitiveMountWritable'), runbook('ConfinedContainerSocketMounted')],
      keys: [{ label: 'id' }, { label: 'class', title: 'Mount' }, { label: 'readonly', title: 'Read-only' }],
      columns: [
        {
          title: 'Mounts',
          hidden: true,
          expr: `max by (id, class, readonly) (${ofContainer('container_sensitive_mount')})`,
        },
      ],
    }),
    table({
      ...half,
      title: 'As configured?',
      description: 'By control, whether the kernel enforces less than was configured, where both are known.',
      noValue: 'Without the Docker API nobody knows what was configured.',
      links: [runbook('ConfinedPostureDrift')],
      keys: [{ label: 'id' }, { label: 'control', title: 'Control' }],
      columns: [
        {
          title: 'Drift',
          expr: `max by (id, control) (${ofContainer('container_posture_drift')})`,
          mappings: words({ 0: ['as configured', COLOURS.good], 1: ['weaker', COLOURS.bad] }),
          colour: 'cell',
        },
      ],
    }),
    table({
      ...half,
      title: 'Unverified',
      description:
        'What could not be read of it or of one of its processes; the reasons are in the log of confined with --log.level=debug.',
      noValue: 'Every control could be read.',
      links: [runbook('ConfinedPostureUnverified')],
      keys: [{ label: 'id' }, { label: 'control', title: 'Control' }],
      columns: [
        {
          title: 'Unverified',
          hidden: true,
          expr: `max by (id, control) (${ofContainer('container_posture_unverified')})`,
        },
      ],
    }),
  ];
}

function changes(): Row['panels'] {
  return [
    timeSeries({
      title: 'Changes',
      description: 'How often each control was seen to change.',
      unit: 'short',
      decimals: 0,
      span: 12,
      style: 'bars',
      noValue: 'not seen',
      links: [runbook('ConfinedPostureChanged')],
      queries: [{ expr: increase(ofContainer('container_posture_changes_total')), legend: '{{control}}' }],
    }),
    table({
      title: 'Last changes',
      description: 'When each control was last seen to change.',
      span: 12,
      height: 8,
      sortBy: 'When',
      noValue: 'Nothing has changed since confined was started.',
      keys: [{ label: 'id' }, { label: 'control', title: 'Control' }],
      columns: [
        {
          title: 'When',
          expr: `1000 * max by (id, control) (${ofContainer('container_posture_last_change_timestamp_seconds')})`,
          unit: 'dateTimeFromNow',
        },
      ],
    }),
  ];
}
