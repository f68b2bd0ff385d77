import { parseExposition, type Exposition } from '../../test/support/exposition.js';
import type { Prometheus } from '../../test/support/prometheus.js';
import { median } from '../statistics.js';
import type { Figure } from '../table.js';

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
  const { groups } = (await prometheus.api('rules')) as {
    groups: { name: string; evaluationTime: number }[];
  };
  const scrapes = await prometheus.query('scrape_duration_seconds{job="confined"}');
  return [
    { what: 'head series', value: series, unit: '' },
    { what: 'head chunks', value: after.own.value('prometheus_tsdb_head_chunks'), unit: '' },
    {
      what: 'samples taken',
      value: grown('prometheus_tsdb_head_samples_appended_total', { type: 'float' }),
      unit: '/s',
    },
    ...(await failures(prometheus, after.own)),
    { ...memoryFigure('memory', after), note: 'resident' },
    { what: 'memory per series', value: residentBytes(after) / series, unit: 'B' },
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

export function memoryFigure(what: string, moment: Moment): Figure {
  return { what, value: residentBytes(moment) / 2 ** 20, unit: 'MiB' };
}

function residentBytes({ own }: Moment): number {
  return own.value('process_resident_memory_bytes');
}

/** Told of only where there is something to tell. */
async function failures(prometheus: Prometheus, own: Exposition): Promise<Figure[]> {
  const [failed] = await prometheus.query('sum(count_over_time(up[1d]) - sum_over_time(up[1d]))');
  const sum = (name: string): number => own.values(name).reduce((total, value) => total + value, 0);
  return [
    { what: 'failed scrapes', value: Number(failed?.value[1]), unit: '' },
    { what: 'evaluations missed', value: sum('prometheus_rule_group_iterations_missed_total'), unit: '' },
    {
      what: 'samples refused',
      value:
        sum('prometheus_target_scrapes_sample_duplicate_timestamp_total') +
        sum('prometheus_target_scrapes_sample_out_of_order_total'),
      unit: '',
    },
  ].filter(({ value }) => value !== 0);
}
