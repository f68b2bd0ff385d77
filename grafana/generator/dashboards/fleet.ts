import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { barGauge } from '../bar-gauge.js';
import { COLOURS, noneIsGood, steps } from '../field.js';
import { dashboard, type Row } from '../frame.js';
import { hostOfRow, runbook, UIDS } from '../links.js';
import { answeringShare } from '../resources.js';
import { ofHosts, orZeroIf } from '../selectors.js';
import { stat } from '../stat.js';
import { table, type ValueColumn } from '../table.js';
import { timeSeries } from '../time-series.js';
import { hostVariables } from '../variables.js';
import { coverage } from './fleet-coverage.js';

/** All hosts beside each other, from recording rules, at a cost that does not grow with the containers. */
export function fleet(): Dashboard {
  return dashboard({
    uid: UIDS.fleet,
    title: 'Fleet',
    description:
      'All hosts beside each other: which are weak, in what, and which nobody sees. Made from the recording rules of confined, which Prometheus has to load.',
    variables: hostVariables(),
    events: [],
    rows: [
      { title: 'All hosts together', panels: totals() },
      { title: 'Hosts', panels: [hosts()] },
      { title: 'Top offenders', panels: offenders() },
      { title: 'Over time', panels: overTime() },
      { title: 'Coverage', panels: coverage() },
    ],
  });
}

/** What is counted of each host: containers, or controls of them. */
interface Count {
  readonly title: string;
  readonly description: string;
  readonly record: string;
  readonly alert: string;
  readonly matchers?: readonly string[];
}

const COUNTS: readonly Count[] = [
  {
    title: 'Without seccomp',
    description: 'Containers in which some process may call every system call of the kernel.',
    record: 'instance:container_seccomp_disabled:sum',
    alert: 'ConfinedSeccompDisabled',
  },
  {
    title: 'Extra capabilities',
    description: 'Containers with a capability beyond the baseline, be it only in the bounding set.',
    record: 'instance:container_capability_extra:count',
    alert: 'ConfinedCapabilityExtra',
  },
  {
    title: 'Privileged',
    description: 'Containers that the kernel lets do all that the host allows.',
    record: 'instance_view:container_privileged:sum',
    matchers: ['view="kernel"'],
    alert: 'ConfinedContainerPrivileged',
  },
  {
    title: 'Root on the host',
    description: "Containers with a process that is the host's root.",
    record: 'instance:container_host_root:sum',
    alert: 'ConfinedRootWithoutUserNamespace',
  },
  {
    title: 'Drift',
    description: 'Controls that the kernel enforces less than they were configured.',
    record: 'instance_control:container_posture_drift:sum',
    alert: 'ConfinedPostureDrift',
  },
];

function perHost({ record, matchers = [] }: Count): string {
  return `sum by (job, instance) (${ofHosts(record, ...matchers)})`;
}

function totals(): Row['panels'] {
  const tile = { span: 3, unit: 'short' } as const;
  return [
    stat({
      ...tile,
      title: 'Hosts that answer',
      description: 'Share of the hosts seen within a day that answer now.',
      unit: 'percentunit',
      thresholds: steps(COLOURS.bad, [0.99, COLOURS.warning], [1, COLOURS.good]),
      links: [runbook('ConfinedExporterDown')],
      queries: [{ expr: answeringShare(), legend: 'hosts' }],
    }),
    stat({
      ...tile,
      title: 'Containers',
      description: 'Containers that run on all hosts.',
      queries: [{ expr: `sum(${ofHosts('confined_containers', 'state="running"')})`, legend: 'running' }],
    }),
    ...COUNTS.map(count =>
      stat({
        ...tile,
        title: count.title,
        description: count.description,
        thresholds: count.title === 'Root on the host' ? steps(COLOURS.notice) : noneIsGood(),
        noValue: 'not recorded',
        links: [runbook(count.alert)],
        queries: [{ expr: `sum(${perHost(count)})`, legend: 'containers' }],
      }),
    ),
    stat({
      ...tile,
      title: 'Unverified',
      description: 'Controls of containers that could not be read.',
      thresholds: noneIsGood(COLOURS.unknown),
      links: [runbook('ConfinedPostureUnverified')],
      queries: [
        {
          expr: orZeroIf(
            `sum(${ofHosts('instance_view:container_privileged:sum')})`,
            `sum(${ofHosts('instance_control:container_posture_unverified:sum')})`,
          ),
          legend: 'controls',
        },
      ],
      noValue: 'not recorded',
    }),
  ];
}

function hosts(): ReturnType<typeof table> {
  const share = steps(COLOURS.good, [0.8, COLOURS.warning], [0.95, COLOURS.bad]);
  const byHost = (expression: string): string => `sum by (job, instance) (${expression})`;
  const seen = byHost(ofHosts('instance_view:container_privileged:sum'));
  const counts = COUNTS.map((count): ValueColumn => ({
    title: count.title,
    expr: perHost(count),
    thresholds: noneIsGood(count.title === 'Root on the host' ? COLOURS.notice : COLOURS.bad),
    colour: 'cell',
  }));
  return table({
    title: 'Hosts and their posture',
    description:
      'How many containers of each host are weak, and in what. A click on a host opens its containers.',
    span: 24,
    height: 12,
    sortBy: 'Extra capabilities',
    keys: [
      { label: 'job' },
      { label: 'instance', title: 'Instance', width: 220, link: hostOfRow('Instance') },
    ],
    columns: [
      { title: 'Containers', expr: byHost(ofHosts('confined_containers', 'state="running"')) },
      {
        title: 'CPU',
        expr: byHost(ofHosts('instance:container_cpu_usage:ratio_rate5m')),
        unit: 'percentunit',
        thresholds: share,
        colour: 'text',
      },
      {
        title: 'Memory',
        expr: byHost(ofHosts('instance:container_memory_working_set:ratio')),
        unit: 'percentunit',
        thresholds: share,
        colour: 'text',
      },
      ...counts,
      {
        title: 'In host namespaces',
        expr: byHost(ofHosts('instance_namespace:container_namespace_host_shared:sum')),
        thresholds: noneIsGood(COLOURS.warning),
        colour: 'cell',
      },
      {
        title: 'Sensitive mounts',
        expr: orZeroIf(seen, byHost(ofHosts('instance_class:container_sensitive_mount:count'))),
        thresholds: noneIsGood(),
        colour: 'cell',
      },
      {
        title: 'Unverified',
        expr: orZeroIf(seen, byHost(ofHosts('instance_control:container_posture_unverified:sum'))),
        thresholds: noneIsGood(COLOURS.unknown),
        colour: 'cell',
      },
    ],
  });
}

function offenders(): Row['panels'] {
  const weak = ['instance:container_seccomp_disabled:sum', 'instance:container_capability_extra:count'];
  const sum = weak.map(record => ofHosts(record)).join(' + on (job, instance) ');
  const third = { span: 8, height: 9, unit: 'short', thresholds: steps(COLOURS.warning) } as const;
  return [
    barGauge({
      ...third,
      title: 'Hosts with the most weak containers',
      description:
        'Containers without seccomp plus containers with extra capabilities, of the ten hosts that have most.',
      noValue: 'No host has a weak container.',
      queries: [{ expr: `topk(10, ${sum} > 0)`, legend: '{{instance}}' }],
    }),
    barGauge({
      ...third,
      title: 'Extra capabilities',
      description: 'How many containers have a capability beyond the baseline.',
      noValue: 'No container has a capability beyond the baseline.',
      links: [runbook('ConfinedCapabilityExtra')],
      queries: [
        {
          expr: `topk(10, sum by (capability) (${ofHosts('instance_capability:container_capability_extra:count')}))`,
          legend: '{{capability}}',
        },
      ],
    }),
    barGauge({
      ...third,
      title: 'Sensitive mounts',
      description: 'How many containers mount which sensitive part of their host.',
      noValue: 'No container mounts a sensitive part of its host.',
      links: [runbook('ConfinedSensitiveMountWritable')],
      queries: [
        {
          expr: `topk(10, sum by (class) (${ofHosts('instance_class:container_sensitive_mount:count')}))`,
          legend: '{{class}}',
        },
      ],
    }),
  ];
}

function overTime(): Row['panels'] {
  return [
    timeSeries({
      title: 'Weak containers',
      description: 'How many containers of all hosts are weak, and in what.',
      unit: 'short',
      span: 12,
      noValue: 'not recorded',
      queries: COUNTS.filter(({ title }) => title !== 'Root on the host').map(count => ({
        expr: `sum(${perHost(count)})`,
        legend: count.title,
      })),
    }),
    timeSeries({
      title: 'Changes of posture',
      description: 'How often controls of containers were seen to change within an hour.',
      unit: 'short',
      span: 12,
      noValue: 'not recorded',
      links: [runbook('ConfinedPostureChanged')],
      queries: [
        {
          expr: `sum by (control) (${ofHosts('instance_control:container_posture_changes:increase1h')})`,
          legend: '{{control}}',
        },
      ],
    }),
    timeSeries({
      title: 'CPU',
      description: 'CPU time of all containers of each host, as a share of its CPUs.',
      unit: 'percentunit',
      span: 12,
      noValue: 'not recorded',
      queries: [{ expr: ofHosts('instance:container_cpu_usage:ratio_rate5m'), legend: '{{instance}}' }],
    }),
    timeSeries({
      title: 'Memory',
      description: 'Working set of all containers of each host, as a share of its memory.',
      unit: 'percentunit',
      span: 12,
      noValue: 'not recorded',
      queries: [{ expr: ofHosts('instance:container_memory_working_set:ratio'), legend: '{{instance}}' }],
    }),
  ];
}
