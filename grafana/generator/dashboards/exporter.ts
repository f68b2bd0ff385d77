import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { COLOURS, goodIf, noneIsGood, steps } from '../field.js';
import { dashboard, type Row } from '../frame.js';
import { runbook, UIDS } from '../links.js';
import { answeringShare } from '../resources.js';
import { increase, ofHosts, rate } from '../selectors.js';
import { stat } from '../stat.js';
import { table } from '../table.js';
import { timeSeries } from '../time-series.js';
import { hostVariables } from '../variables.js';

/** How confined itself fares: whether what it shows can be trusted, and what it costs. */
export function exporter(): Dashboard {
  return dashboard({
    uid: UIDS.exporter,
    title: 'Exporter',
    description: 'How confined itself fares: whether what it shows is true and fresh, and what it costs.',
    variables: hostVariables(),
    events: [],
    rows: [
      { title: 'Does it see everything?', panels: sight() },
      { title: 'Polls', panels: polls() },
      { title: 'Docker', panels: docker() },
      { title: 'What it costs', panels: cost() },
    ],
  });
}

function sight(): Row['panels'] {
  const tile = { span: 4, unit: 'short' } as const;
  const worst = (metric: string): string => `min(${ofHosts(metric)})`;
  return [
    stat({
      ...tile,
      title: 'Answers',
      description: 'How many of the exporters answered the last scrape.',
      unit: 'percentunit',
      thresholds: steps(COLOURS.bad, [1, COLOURS.good]),
      links: [runbook('ConfinedExporterDown')],
      queries: [{ expr: answeringShare(), legend: 'up' }],
    }),
    stat({
      ...tile,
      title: 'Docker',
      description:
        'Whether the last list of containers could be had from Docker. Without Docker, containers are found by their cgroups.',
      mappings: goodIf('connected', 'unreachable'),
      noValue: 'not asked',
      links: [runbook('ConfinedDockerUnreachable')],
      queries: [{ expr: worst('confined_docker_up'), legend: 'Docker' }],
    }),
    stat({
      ...tile,
      title: 'Events',
      description: "Whether Docker's events arrive as they happen.",
      mappings: goodIf('connected', 'lost', COLOURS.warning),
      noValue: 'not asked',
      links: [runbook('ConfinedEventStreamLost')],
      queries: [{ expr: worst('confined_event_stream_connected'), legend: 'events' }],
    }),
    stat({
      ...tile,
      title: 'Age of the values',
      description: 'How old the values of the last scrape were when it was answered.',
      unit: 's',
      thresholds: steps(COLOURS.good, [60, COLOURS.warning], [120, COLOURS.bad]),
      links: [runbook('ConfinedSnapshotStale')],
      queries: [{ expr: `max(${ofHosts('confined_snapshot_age_seconds')})`, legend: 'age' }],
    }),
    stat({
      ...tile,
      title: 'Collectors',
      description: 'Collectors that could not read what they need of every container in the last poll.',
      thresholds: noneIsGood(),
      links: [runbook('ConfinedCollectorFailing')],
      queries: [{ expr: `sum(${ofHosts('confined_collector_success')} == bool 0)`, legend: 'failing' }],
    }),
    stat({
      ...tile,
      title: 'Series dropped',
      description:
        'Series left out of scrapes in the last hour because there were more than --metrics.max-series.',
      thresholds: noneIsGood(),
      links: [runbook('ConfinedSeriesDropped')],
      queries: [
        { expr: `sum(increase(${ofHosts('confined_series_dropped_total')}[1h]))`, legend: 'dropped' },
      ],
    }),
    timeSeries({
      title: 'Files that could not be read',
      description:
        'Kernel files that failed, by file and reason. Files that this kernel does not have are no errors, nor are those of containers that ended while they were read.',
      unit: 'short',
      span: 8,
      style: 'bars',
      noValue: 'Every file could be read.',
      links: [runbook('ConfinedReadErrors')],
      queries: [
        {
          expr: `sum by (file, reason) (${increase(ofHosts('confined_read_errors_total', 'reason!="gone"'))})`,
          legend: '{{file}}: {{reason}}',
        },
      ],
    }),
    timeSeries({
      title: 'Files that were not understood',
      description:
        'Kernel files whose content confined does not know: a newer kernel, or a mistake of confined.',
      unit: 'short',
      span: 8,
      style: 'bars',
      noValue: 'Every file was understood.',
      links: [runbook('ConfinedParseErrors')],
      queries: [
        { expr: `sum by (file) (${increase(ofHosts('confined_parse_errors_total'))})`, legend: '{{file}}' },
      ],
    }),
    table({
      title: 'What runs where',
      description:
        'Version of confined and what its host has to confine processes with; ptrace: whether it may look into other processes.',
      span: 8,
      height: 8,
      keys: [
        { label: 'job' },
        { label: 'instance', title: 'Instance' },
        { label: 'version', title: 'Version' },
        { label: 'kernel', title: 'Kernel' },
        { label: 'cgroup', title: 'Cgroups' },
        { label: 'lsm', title: 'LSM' },
        { label: 'ptrace', title: 'ptrace' },
      ],
      columns: [
        {
          title: 'Exporters',
          hidden: true,
          expr: `max by (job, instance, version, kernel, cgroup, lsm, ptrace) (${ofHosts('confined_host_info')} * on (job, instance) group_left (version) ${ofHosts('confined_build_info')})`,
        },
      ],
    }),
  ];
}

function polls(): Row['panels'] {
  const buckets = rate(ofHosts('confined_poll_duration_seconds_bucket'));
  return [
    timeSeries({
      title: 'How long a poll takes',
      description: 'Reading all containers once: the mean, and what 99 of 100 polls stay below.',
      unit: 's',
      span: 8,
      queries: [
        {
          expr: `${rate(ofHosts('confined_poll_duration_seconds_sum'))} / ${rate(ofHosts('confined_poll_duration_seconds_count'))}`,
          legend: '{{instance}} mean',
        },
        {
          expr: `histogram_quantile(0.99, sum by (job, instance, le) (${buckets}))`,
          legend: '{{instance}} 99 %',
        },
      ],
    }),
    timeSeries({
      title: 'Time by collector',
      description: 'What each collector took in the last poll, summed over containers.',
      unit: 's',
      span: 8,
      style: 'stacked',
      queries: [
        {
          expr: `sum by (collector) (${ofHosts('confined_collector_duration_seconds')})`,
          legend: '{{collector}}',
        },
      ],
    }),
    timeSeries({
      title: 'Age of the values',
      description: 'How old the values of each scrape were when it was answered.',
      unit: 's',
      span: 8,
      links: [runbook('ConfinedSnapshotStale')],
      queries: [{ expr: ofHosts('confined_snapshot_age_seconds'), legend: '{{instance}}' }],
    }),
  ];
}

function docker(): Row['panels'] {
  const noValue = 'Docker is not asked.';
  const seconds = (part: string): string =>
    `sum by (endpoint) (${rate(ofHosts(`confined_docker_request_duration_seconds_${part}`))})`;
  return [
    timeSeries({
      title: 'Requests',
      description:
        'Requests to the Docker API by endpoint and HTTP status, or by the reason why there was no answer.',
      unit: 'reqps',
      span: 8,
      noValue,
      queries: [
        {
          expr: `sum by (endpoint, code) (${rate(ofHosts('confined_docker_requests_total'))})`,
          legend: '{{endpoint}} {{code}}',
        },
      ],
    }),
    timeSeries({
      title: 'How long Docker takes',
      description: 'Mean time until Docker has answered a request, by endpoint.',
      unit: 's',
      span: 8,
      noValue,
      queries: [{ expr: `${seconds('sum')} / (${seconds('count')} > 0)`, legend: '{{endpoint}}' }],
    }),
    timeSeries({
      title: 'Events and full lists',
      description: 'What Docker told of containers by itself, and how often all of them were listed.',
      unit: 'short',
      span: 8,
      style: 'bars',
      noValue,
      queries: [
        { expr: `sum by (action) (${increase(ofHosts('confined_events_total'))})`, legend: '{{action}}' },
        { expr: `sum(${increase(ofHosts('confined_reconciles_total'))})`, legend: 'full lists' },
      ],
    }),
  ];
}

function cost(): Row['panels'] {
  const quarter = { span: 6 } as const;
  return [
    timeSeries({
      ...quarter,
      title: 'CPU',
      description: 'CPU time of confined, in CPUs.',
      unit: 'short',
      queries: [{ expr: rate(ofHosts('process_cpu_seconds_total')), legend: '{{instance}}' }],
    }),
    timeSeries({
      ...quarter,
      title: 'Memory',
      description:
        'Resident memory of confined. The kernel keeps 4.6 KiB more for each file that is held open.',
      unit: 'bytes',
      queries: [{ expr: ofHosts('process_resident_memory_bytes'), legend: '{{instance}}' }],
    }),
    timeSeries({
      ...quarter,
      title: 'Series and files',
      description: 'Container series in a scrape, and kernel files held open between polls.',
      unit: 'short',
      queries: [
        { expr: ofHosts('confined_series'), legend: '{{instance}} series' },
        { expr: ofHosts('confined_file_descriptors_held'), legend: '{{instance}} files' },
      ],
    }),
    timeSeries({
      ...quarter,
      title: 'Scrapes',
      description:
        'How long Prometheus waited for a scrape, and how late the event loop was at most since the scrape before.',
      unit: 's',
      queries: [
        { expr: ofHosts('scrape_duration_seconds'), legend: '{{instance}} scrape' },
        { expr: ofHosts('nodejs_eventloop_lag_max_seconds'), legend: '{{instance}} event loop' },
      ],
    }),
  ];
}
