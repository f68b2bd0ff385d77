import { readDashboards, queryPanels, type DashboardFile } from '../../grafana/preview/dashboard-file.js';
import { answersOf, overTime, type View } from '../../grafana/preview/answers.js';
import type { Prometheus } from '../../test/support/prometheus.js';
import { readRules } from '../../test/support/rules.js';
import { median } from '../statistics.js';
import type { Figure } from '../table.js';
import { withoutRules } from './without-rules.js';

const ROUNDS = 5;
/** What nobody should do takes long. */
const ROUNDS_WITHOUT_RULES = 3;
/** The dashboards of one host that are measured. */
const OF_ONE_HOST = ['overview', 'posture'];
/** Recorded by the shipped rules; what they cost without them is measured from the rules' own expressions. */
const COMPARED = [
  'instance:container_seccomp_disabled:sum',
  'instance:container_capability_extra:count',
  'instance_control:container_posture_drift:sum',
  'instance:container_cpu_usage_seconds:rate5m',
];

/** How long the dashboards' queries take, and what those of the fleet would take without recording rules. */
export async function queryFigures(prometheus: Prometheus, view: View): Promise<Figure[]> {
  const fleet = committed('fleet');
  const opened = await open(prometheus, fleet, view, ROUNDS);
  const raw = await open(prometheus, withoutRules(fleet), view, ROUNDS_WITHOUT_RULES);
  const ratio = (raw.samples / opened.samples).toFixed(0);
  const figures = [
    dashboardFigure('fleet', opened, 'all hosts'),
    dashboardFigure('fleet, without rules', raw, `all hosts; ${ratio} × the samples`),
  ];
  const ofOneHost = { ...view, values: { instance: 'host-0:10401' } };
  for (const name of OF_ONE_HOST)
    figures.push(
      dashboardFigure(name, await open(prometheus, committed(name), ofOneHost, ROUNDS), 'one host'),
    );
  return [...figures, ...(await graphFigures(prometheus, view))];
}

function committed(name: string): DashboardFile {
  const dashboard = readDashboards().find(({ uid }) => uid === `confined-${name}`);
  if (dashboard === undefined) throw new Error(`there is no dashboard ${name}`);
  return dashboard;
}

/** All panels of a dashboard, one after the other. */
interface Opened {
  readonly milliseconds: number;
  /** How many samples the queries read: the same on any machine. */
  readonly samples: number;
  /** How many queries Prometheus did not answer, since they read or take too much. */
  readonly refused: number;
}

async function open(
  prometheus: Prometheus,
  dashboard: DashboardFile,
  view: View,
  rounds: number,
): Promise<Opened> {
  let samples = 0;
  let refused = 0;
  const ask = async (path: string): Promise<unknown> => {
    try {
      const data = await prometheus.api(`${path}&stats=all`);
      const { stats } = data as { stats: { samples: { totalQueryableSamples: number } } };
      samples += stats.samples.totalQueryableSamples;
      return data;
    } catch {
      refused += 1;
      return { result: [] };
    }
  };
  const milliseconds = await timed(async () => {
    for (const panel of queryPanels(dashboard)) await answersOf(panel, dashboard, view, ask);
  }, rounds);
  return { milliseconds, samples: samples / rounds, refused: refused / rounds };
}

function dashboardFigure(name: string, { milliseconds, samples, refused }: Opened, note: string): Figure {
  const read = `${Math.round(samples / 1000)}k samples read`;
  const notes = ['all panels', note, read, ...(refused > 0 ? [`${refused} queries refused`] : [])];
  return { what: `dashboard ${name}`, value: milliseconds, unit: 'ms', note: notes.join('; ') };
}

/** A graph of what a rule records, and of the rule's own expression. */
async function graphFigures(prometheus: Prometheus, view: View): Promise<Figure[]> {
  const figures: Figure[] = [];
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

async function timed(work: () => Promise<void>, rounds = ROUNDS): Promise<number> {
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    milliseconds.push(performance.now() - begun);
  }
  return median(milliseconds);
}
