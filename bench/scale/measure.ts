import { readDashboards, queryPanels } from '../../grafana/preview/dashboard-file.js';
import { answersOf, overTime, type View } from '../../grafana/preview/answers.js';
import { parseExposition, type Exposition } from '../../test/support/exposition.js';
import type { Prometheus } from '../../test/support/prometheus.js';
import { readRules } from '../../test/support/rules.js';
import { median } from '../statistics.js';
import type { Figure } from '../table.js';

const ROUNDS = 5;
/** Recorded by the shipped rules; what they cost without them is measured from the rules' own expressions. */
const COMPARED = [
  'instance:container_seccomp_disabled:sum',
  'instance:container_capability_extra:count',
  'instance_control:container_posture_drift:sum',
  'instance:container_cpu_usage_seconds:rate5m',
];

/** What is known of a Prometheus at a moment. */
export interface Moment {
  readonly seconds: number;
  readonly own: Exposition;
}

export async function momentOf(prometheus: Prometheus): Promise<Moment> {
  return { seconds: Date.now() / 1000, own: parseExposition(await prometheus.metrics()) };
}

/** What it costs Prometheus to watch the fleet, between two moments. */
export async function costFigures(prometheus: Prometheus, before: Moment, after: Moment): Promise<Figure[]> {
  const seconds = after.seconds - before.seconds;
  const grown = (name: string, labels = {}): number =>
    (after.own.value(name, labels) - before.own.value(name, labels)) / seconds;
  const series = after.own.value('prometheus_tsdb_head_series');
  const bytes = after.own.value('process_resident_memory_bytes');
  const { groups } = (await prometheus.api('rules')) as {
    groups: { name: string; evaluationTime: number }[];
  };
  const scrapes = await prometheus.query('scrape_duration_seconds{job="confined"}');
  return [
    { what: 'head series', value: series, unit: '' },
    {
      what: 'samples taken',
      value: grown('prometheus_tsdb_head_samples_appended_total', { type: 'float' }),
      unit: '/s',
    },
    { what: 'memory', value: bytes / 2 ** 20, unit: 'MiB', note: 'resident' },
    { what: 'memory per series', value: bytes / series, unit: 'B' },
    { what: 'CPU', value: grown('process_cpu_seconds_total'), unit: 'cores', note: 'scrapes and rules' },
    {
      what: 'one scrape',
      value: 1000 * median(scrapes.map(({ value }) => Number(value[1]))),
      unit: 'ms',
      note: 'median of the hosts, server included',
    },
    ...groups
      .filter(({ name }) => name.startsWith('confined.'))
      .map(({ name, evaluationTime }) => ({
        what: `rules ${name.replace('confined.', '')}`,
        value: evaluationTime * 1000,
        unit: 'ms',
      })),
  ];
}

/** How long the dashboards' queries take, and what those of the fleet would take without recording rules. */
export async function queryFigures(prometheus: Prometheus, view: View): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const dashboard of readDashboards()) {
    const uid = dashboard.uid.replace('confined-', '');
    if (uid !== 'fleet' && uid !== 'overview' && uid !== 'posture') continue;
    const values = uid === 'fleet' ? {} : { instance: 'host-0:10401' };
    const milliseconds = await timed(async () => {
      for (const panel of queryPanels(dashboard))
        await answersOf(panel, dashboard, { ...view, values }, path => prometheus.api(path));
    });
    const whose = uid === 'fleet' ? 'all hosts' : 'one host';
    figures.push({ what: `dashboard ${uid}`, value: milliseconds, unit: 'ms', note: `all panels, ${whose}` });
  }
  const rules = readRules('deploy/prometheus/recording-rules.yml');
  for (const record of COMPARED) {
    const expression = rules.find(rule => rule.record === record)?.expr ?? record;
    const recorded = await timed(() => graph(prometheus, view, record));
    const raw = await timed(() => graph(prometheus, view, expression));
    figures.push({
      what: record,
      value: recorded,
      unit: 'ms',
      note: `over time; without the rule ${raw.toFixed(0)} ms, ${(raw / recorded).toFixed(0)} ×`,
    });
  }
  return figures;
}

async function graph(prometheus: Prometheus, view: View, expression: string): Promise<void> {
  await prometheus.api(overTime(`sum(${expression})`, view));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await work();
    rounds.push(performance.now() - begun);
  }
  return median(rounds);
}
