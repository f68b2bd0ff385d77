import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { containersTable } from '../containers-table.js';
import { containerEvents } from '../events.js';
import { COLOURS, noneIsGood, steps } from '../field.js';
import { dashboard, type Row } from '../frame.js';
import { runbook, UIDS } from '../links.js';
import { firingAlerts } from '../firing-alerts.js';
import { memoryShare, throttledShare, waiting } from '../resources.js';
import { ofContainers, ofHosts, orZeroIf, perContainer, rate } from '../selectors.js';
import { stat } from '../stat.js';
import { timeSeries } from '../time-series.js';
import { containersVariables } from '../variables.js';

/** A host, or several: what its containers use and whether they are confined, at a glance. */
export function overview(): Dashboard {
  return dashboard({
    uid: UIDS.overview,
    title: 'Overview',
    description: 'What the containers of a host use, and whether they are confined.',
    variables: containersVariables(),
    events: containerEvents(ofContainers),
    rows: [
      { title: 'At a glance', panels: glance() },
      { title: 'Containers', panels: [containersTable(ofContainers)] },
      { title: 'CPU and memory', panels: cpuAndMemory() },
      { title: 'Network and disks', panels: networkAndDisks() },
      { title: 'What goes wrong', panels: trouble() },
    ],
  });
}

function glance(): Row['panels'] {
  const cpu = `sum(${rate(ofContainers('container_cpu_usage_seconds_total', 'cpu="total"'))})`;
  const memory = `sum(${ofContainers('container_memory_working_set_bytes')})`;
  const seen = `sum(${ofContainers('container_capabilities', 'set="bounding"', 'scope="any"')})`;
  const extra = `count(count by (job, instance, id) (${ofContainers('container_capability_extra', 'scope="any"')}))`;
  const load = steps(COLOURS.good, [0.7, COLOURS.warning], [0.9, COLOURS.bad]);
  const tile = { span: 3, unit: 'short' } as const;
  return [
    stat({
      ...tile,
      title: 'Running',
      description: 'Containers that run now.',
      queries: [{ expr: `sum(${ofContainers('container_state', 'state="running"')})`, legend: 'running' }],
    }),
    stat({
      ...tile,
      title: 'CPU',
      description: 'CPU time that the containers use, as a share of all CPUs of their hosts.',
      unit: 'percentunit',
      thresholds: load,
      queries: [{ expr: `${cpu} / sum(${ofHosts('machine_cpu_cores')})`, legend: 'CPU' }],
    }),
    stat({
      ...tile,
      title: 'Memory',
      description: 'Working set of the containers, as a share of the memory of their hosts.',
      unit: 'percentunit',
      thresholds: load,
      queries: [{ expr: `${memory} / sum(${ofHosts('machine_memory_bytes')})`, legend: 'memory' }],
    }),
    stat({
      ...tile,
      title: 'Without seccomp',
      description: 'Containers in which some process may call every system call of the kernel.',
      thresholds: noneIsGood(),
      noValue: 'not seen',
      links: [runbook('ConfinedSeccompDisabled')],
      queries: [
        {
          expr: `sum(${ofContainers('container_seccomp_mode', 'scope="any"')} == bool 0)`,
          legend: 'containers',
        },
      ],
    }),
    stat({
      ...tile,
      title: 'Extra capabilities',
      description: 'Containers with a capability beyond the baseline, be it only in the bounding set.',
      thresholds: noneIsGood(),
      noValue: 'not seen',
      links: [runbook('ConfinedCapabilityExtra')],
      queries: [{ expr: orZeroIf(seen, extra), legend: 'containers' }],
    }),
    stat({
      ...tile,
      title: 'Drift',
      description: 'Controls that the kernel enforces less than they were configured.',
      thresholds: noneIsGood(),
      noValue: 'not seen',
      links: [runbook('ConfinedPostureDrift')],
      queries: [{ expr: `sum(${ofContainers('container_posture_drift')})`, legend: 'controls' }],
    }),
    stat({
      ...tile,
      title: 'Unverified',
      description: 'Controls of containers that could not be read: they may be weaker than what is shown.',
      thresholds: noneIsGood(COLOURS.unknown),
      noValue: 'not seen',
      links: [runbook('ConfinedPostureUnverified')],
      queries: [
        {
          expr: orZeroIf(
            `sum(${ofContainers('container_privileged', 'view="kernel"')})`,
            `sum(${ofContainers('container_posture_unverified')})`,
          ),
          legend: 'controls',
        },
      ],
    }),
    stat({
      ...tile,
      title: 'Alerts',
      description: 'Alerts of confined that fire on these hosts.',
      thresholds: noneIsGood(),
      queries: [
        {
          expr: orZeroIf(
            `count(${ofHosts('confined_build_info')})`,
            `count(${ofHosts('ALERTS', 'alertstate="firing"', 'alertname=~"Confined.+"')})`,
          ),
          legend: 'alerts',
        },
      ],
    }),
    firingAlerts(),
  ];
}

function cpuAndMemory(): Row['panels'] {
  return [
    timeSeries({
      title: 'CPU by container',
      description: 'CPU time in use, in CPUs: 1 is one CPU all the time.',
      unit: 'short',
      span: 12,
      queries: [
        { expr: rate(ofContainers('container_cpu_usage_seconds_total', 'cpu="total"')), legend: '{{name}}' },
      ],
    }),
    timeSeries({
      title: 'Memory by container',
      description:
        'Working set: memory in use without the page cache that can be dropped at once. What docker stats shows.',
      unit: 'bytes',
      span: 12,
      queries: [{ expr: ofContainers('container_memory_working_set_bytes'), legend: '{{name}}' }],
    }),
    timeSeries({
      title: 'CPU throttled',
      description: 'Share of the periods in which a container used up its quota and had to wait.',
      unit: 'percentunit',
      span: 12,
      max: 1,
      noValue: 'No container has a CPU limit.',
      queries: [{ expr: throttledShare(ofContainers), legend: '{{name}}' }],
    }),
    timeSeries({
      title: 'Memory of the limit',
      description: 'Working set as a share of the limit. At 1 the kernel ends a process.',
      unit: 'percentunit',
      span: 12,
      max: 1,
      noValue: 'No container has a memory limit.',
      queries: [{ expr: memoryShare(ofContainers), legend: '{{name}}' }],
    }),
  ];
}

function networkAndDisks(): Row['panels'] {
  const byContainer = (counter: string): string => perContainer('sum', rate(ofContainers(counter)));
  return [
    timeSeries({
      title: 'Network',
      description:
        "Bytes received, and sent below the axis, without loopback. Containers in the host's network have none of their own.",
      unit: 'Bps',
      span: 12,
      below: '.* sent',
      noValue: 'No container has a network of its own.',
      queries: [
        { expr: byContainer('container_network_receive_bytes_total'), legend: '{{name}} received' },
        { expr: byContainer('container_network_transmit_bytes_total'), legend: '{{name}} sent' },
      ],
    }),
    timeSeries({
      title: 'Disks',
      description: 'Bytes read from block devices, and written below the axis. The page cache is no disk.',
      unit: 'Bps',
      span: 12,
      below: '.* written',
      noValue: 'No container has used a block device that the kernel counts.',
      queries: [
        { expr: byContainer('container_fs_reads_bytes_total'), legend: '{{name}} read' },
        { expr: byContainer('container_fs_writes_bytes_total'), legend: '{{name}} written' },
      ],
    }),
  ];
}

function trouble(): Row['panels'] {
  const event = { span: 8, style: 'bars', unit: 'short', decimals: 0 } as const;
  return [
    timeSeries({
      ...event,
      title: 'Restarts',
      description: 'Starts of containers that had run before.',
      links: [runbook('ConfinedRestartLoop')],
      queries: [
        {
          expr: `changes(${ofContainers('container_start_time_seconds')}[$__rate_interval])`,
          legend: '{{name}}',
        },
      ],
    }),
    timeSeries({
      ...event,
      title: 'Out-of-memory kills',
      description: 'Processes that the kernel ended because the limit was reached.',
      links: [runbook('ConfinedOomKill')],
      queries: [
        {
          expr: `increase(${ofContainers('container_oom_events_total')}[$__rate_interval])`,
          legend: '{{name}}',
        },
      ],
    }),
    timeSeries({
      title: 'Waiting for CPU, memory or disks',
      description:
        'Share of the time in which some process waited for the resource: pressure stall information (PSI).',
      unit: 'percentunit',
      span: 8,
      noValue: 'The kernels of these hosts do not say (PSI is off).',
      links: [runbook('ConfinedPressureStalled')],
      queries: waiting(ofContainers, '{{name}} '),
    }),
  ];
}
