import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { barGauge } from '../bar-gauge.js';
import { CONTAINER_COLUMNS, controlColumn } from '../containers-table.js';
import { controls, type Control } from '../controls.js';
import { containerEvents } from '../events.js';
import { COLOURS, noneIsGood, steps } from '../field.js';
import { dashboard, type Row } from '../frame.js';
import { runbook, UIDS } from '../links.js';
import { increase, ofContainers, ofHosts, perContainer } from '../selectors.js';
import { stat } from '../stat.js';
import { stateTimeline } from '../state-timeline.js';
import { table } from '../table.js';
import { timeSeries } from '../time-series.js';
import { containersVariables } from '../variables.js';

/** What confines the containers, all of them beside each other. */
export function posture(): Dashboard {
  return dashboard({
    uid: UIDS.posture,
    title: 'Security posture',
    description: 'What confines each container, as the kernel enforces it, of all its processes.',
    variables: containersVariables(),
    events: containerEvents(ofContainers),
    rows: [
      { title: 'Containers that a control fails for', panels: summary() },
      { title: 'Containers and controls', panels: [matrix()] },
      { title: 'Capabilities', panels: capabilities() },
      { title: 'Namespaces and mounts', panels: namespacesAndMounts() },
      { title: 'Not as configured, not verified', panels: driftAndUnverified() },
      { title: 'Changes', panels: changes() },
    ],
  });
}

/** Which values of a control are failures; the others are told of in the matrix. */
const FAILS: Readonly<Record<string, string>> = {
  Seccomp: '== bool 0',
  Capabilities: '> bool 0',
  Privileged: '> bool 0',
  'Host namespaces': '> bool 0',
  'Foreign processes': '> bool 0',
  'Unmasked paths': '> bool 0',
  'Sensitive mounts': '> bool 0',
  Drift: '> bool 0',
};

function summary(): Row['panels'] {
  return controls(ofContainers)
    .filter(({ title }) => title in FAILS)
    .map(control =>
      stat({
        title: control.title,
        description: `How many containers fail it. ${control.description}`,
        unit: 'short',
        span: 3,
        noValue: 'not seen',
        thresholds: noneIsGood(),
        links: [runbook(control.alert)],
        queries: [{ expr: failures(control), legend: 'containers' }],
      }),
    );
}

function failures({ title, expr }: Control): string {
  return `sum((${expr}) ${FAILS[title] ?? ''})`;
}

function matrix(): ReturnType<typeof table> {
  return table({
    title: 'What confines each container',
    description:
      'The worst of all processes of a container. An empty cell: the host has nothing of the kind. Unverified: it could not be read. Blue: what Docker does unless told otherwise.',
    span: 24,
    height: 14,
    sortBy: 'Capabilities',
    keys: CONTAINER_COLUMNS,
    columns: controls(ofContainers).map(controlColumn),
  });
}

function capabilities(): Row['panels'] {
  const held = ofContainers('container_capability_extra', 'scope="any"', 'set!="bounding"');
  const bounding = ofContainers('container_capability_extra', 'scope="any"', 'set="bounding"');
  const noValue = 'No container has a capability beyond the baseline.';
  return [
    barGauge({
      title: 'Extra capabilities',
      description:
        'How many containers have a capability beyond the baseline: in the bounding set means that a program can bring it.',
      unit: 'short',
      span: 8,
      height: 11,
      noValue,
      thresholds: steps(COLOURS.warning),
      links: [runbook('ConfinedCapabilityExtra')],
      queries: [
        {
          expr: `sort_desc(count by (capability) (${perContainer('max', bounding, 'capability')}))`,
          legend: '{{capability}}',
        },
      ],
    }),
    table({
      title: 'Who has which',
      description:
        'Capabilities beyond the baseline by container: how many processes have it in effect, and in how many sets it is.',
      span: 16,
      height: 11,
      noValue,
      keys: [...CONTAINER_COLUMNS, { label: 'capability', title: 'Capability' }],
      columns: [
        {
          title: 'Processes',
          expr: perContainer('max', ofContainers('container_capability_processes'), 'capability'),
        },
        {
          title: 'Sets but the bounding',
          expr: perContainer('count', held, 'capability'),
        },
        {
          title: 'Bounding set',
          expr: perContainer('count', bounding, 'capability'),
        },
      ],
    }),
  ];
}

function namespacesAndMounts(): Row['panels'] {
  const half = { span: 12, height: 8 } as const;
  return [
    table({
      ...half,
      title: "In the host's namespaces",
      description:
        'Containers of which a process is in a namespace of the host, those of users, time and cgroups left out, which containers share as a rule.',
      noValue: 'No container is in a namespace of the host.',
      links: [runbook('ConfinedHostNamespaceShared')],
      keys: [...CONTAINER_COLUMNS, { label: 'namespace', title: 'Namespace' }],
      columns: [
        {
          title: 'Shared',
          hidden: true,
          expr: `${perContainer('max', ofContainers('container_namespace_host_shared', 'namespace=~"ipc|mnt|net|pid|uts"'), 'namespace')} == 1`,
        },
      ],
    }),
    table({
      ...half,
      title: 'Sensitive mounts',
      description:
        'What of the host a container can see: readonly keeps it from writing, except through a socket.',
      noValue: 'No container mounts a sensitive part of the host.',
      links: [runbook('ConfinedSensitiveMountWritable'), runbook('ConfinedContainerSocketMounted')],
      keys: [
        ...CONTAINER_COLUMNS,
        { label: 'class', title: 'Mount' },
        { label: 'readonly', title: 'Read-only' },
      ],
      columns: [
        {
          title: 'Mounts',
          hidden: true,
          expr: perContainer('max', ofContainers('container_sensitive_mount'), 'class', 'readonly'),
        },
      ],
    }),
    table({
      ...half,
      title: 'Foreign processes',
      description: 'Processes that came into a namespace of a container from outside, as with nsenter.',
      noValue: 'Nobody is in the namespaces of a container from outside.',
      links: [runbook('ConfinedNamespaceForeignProcess')],
      keys: [...CONTAINER_COLUMNS, { label: 'namespace', title: 'Namespace' }],
      columns: [
        {
          title: 'Processes',
          expr: `${perContainer('max', ofContainers('container_namespace_foreign_processes'), 'namespace')} > 0`,
        },
      ],
    }),
    barGauge({
      ...half,
      title: 'Namespaces that belong to nobody known',
      description:
        "Namespaces in use that are neither the host's nor those of a known container: unshare, sandboxes of browsers, another runtime.",
      unit: 'short',
      noValue: 'Without the right to look into other processes (ptrace) nobody can say.',
      queries: [
        { expr: `sum by (namespace) (${ofHosts('confined_unmanaged_namespaces')})`, legend: '{{namespace}}' },
      ],
    }),
  ];
}

function driftAndUnverified(): Row['panels'] {
  const ofControl = (metric: string): string =>
    `${perContainer('max', ofContainers(metric), 'control')} == 1`;
  const keys = [...CONTAINER_COLUMNS, { label: 'control', title: 'Control' }];
  const half = { span: 12, height: 8, keys } as const;
  return [
    table({
      ...half,
      title: 'Drift',
      description: 'Where the kernel enforces less than the container was configured with.',
      noValue: 'Every container is confined at least as it was configured.',
      links: [runbook('ConfinedPostureDrift')],
      columns: [{ title: 'Drift', hidden: true, expr: ofControl('container_posture_drift') }],
    }),
    table({
      ...half,
      title: 'Unverified',
      description:
        'What could not be read, of the container or of one of its processes. The reasons are in the log of confined with --log.level=debug.',
      noValue: 'Every control could be read.',
      links: [runbook('ConfinedPostureUnverified')],
      columns: [{ title: 'Unverified', hidden: true, expr: ofControl('container_posture_unverified') }],
    }),
  ];
}

function changes(): Row['panels'] {
  const changed = ofContainers('container_posture_changes_total');
  return [
    timeSeries({
      title: 'Changes of posture',
      description:
        'How often a control of a container was seen to change: one process more or less that is confined otherwise is enough.',
      unit: 'short',
      span: 12,
      height: 9,
      decimals: 0,
      style: 'bars',
      links: [runbook('ConfinedPostureChanged')],
      queries: [{ expr: `sum by (control) (${increase(changed)})`, legend: '{{control}}' }],
    }),
    table({
      title: 'Last changes',
      description: 'When each control of a container was last seen to change.',
      span: 12,
      height: 9,
      noValue: 'Nothing has changed since confined was started.',
      sortBy: 'When',
      keys: [...CONTAINER_COLUMNS, { label: 'control', title: 'Control' }],
      columns: [
        {
          title: 'When',
          expr: `1000 * ${perContainer('max', ofContainers('container_posture_last_change_timestamp_seconds'), 'control')}`,
          unit: 'dateTimeFromNow',
        },
      ],
    }),
    ...controls(ofContainers)
      .filter(({ title }) => title === 'Seccomp')
      .map(({ description, mappings, expr }) =>
        stateTimeline({
          title: 'Seccomp over time',
          description,
          unit: 'short',
          span: 24,
          height: 10,
          noValue: 'not seen',
          mappings,
          queries: [{ expr, legend: '{{name}}' }],
        }),
      ),
  ];
}
