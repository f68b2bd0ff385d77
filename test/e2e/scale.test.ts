import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { answersOf, type Answer } from '../../grafana/preview/answers.js';
import { queryPanels, readDashboards, type Target } from '../../grafana/preview/dashboard-file.js';
import { startFleetPrometheus } from '../../bench/scale/fleet-prometheus.js';
import { serveFleet } from '../../bench/scale/fleet-server.js';
import { recordedScrapes } from '../../bench/scale/recorded-scrapes.js';
import { ScrapeTemplate } from '../../bench/scale/scrape-template.js';
import { storageFigures } from '../../bench/scale/storage-figures.js';
import { withoutRules } from '../../bench/scale/without-rules.js';
import { parseExposition, type Series } from '../support/exposition.js';
import { minuteAsSecond } from '../support/minute-as-second.js';
import { until } from '../support/process.js';
import { skipWithout } from '../support/skip-reason.js';

t.setTimeout(120_000);

interface Sum {
  readonly record: string;
  /** The label that there is a sum for each value of. */
  readonly by: string;
  /** What of a host's series is summed up. */
  readonly of: (series: readonly Series[]) => readonly Series[];
}

const SUMS: readonly Sum[] = [
  {
    record: 'job:container_seccomp_disabled:sum',
    by: '',
    of: series =>
      named('container_seccomp_mode')(series)
        .filter(({ labels }) => labels['scope'] === 'any')
        .map(one => ({ ...one, value: Number(one.value === 0) })),
  },
  { record: 'job_view:container_privileged:sum', by: 'view', of: named('container_privileged') },
  { record: 'job_control:container_posture_drift:sum', by: 'control', of: named('container_posture_drift') },
  {
    record: 'job_control:container_posture_unverified:sum',
    by: 'control',
    of: named('container_posture_unverified'),
  },
  { record: 'job_capability:container_capability_extra:sum', by: 'capability', of: extraCapabilities },
  { record: 'job_state:confined_containers:sum', by: 'state', of: named('confined_containers') },
];

t.test('a simulated fleet is one to a real Prometheus', { skip: skipWithout('prometheus') }, async t => {
  const scrapes = await recordedScrapes();
  const hosts = scrapes.length + 3;
  const templates = scrapes.map(({ text }) => new ScrapeTemplate(text));
  const fleet = await serveFleet(templates);
  t.teardown(() => fleet.stop());
  const prometheus = await startFleetPrometheus(t, fleet, {
    hosts,
    intervalSeconds: 1,
    rules: minuteAsSecond,
  });
  const number = async (expression: string): Promise<number> =>
    Number((await prometheus.query(expression))[0]?.value[1]);
  await until('all are scraped', async () => (await number('sum(up)')) === hosts);
  await delay(3000);

  t.test('each host has the series of a recorded one, and ids of its own', async t => {
    for (const { metric, value } of await prometheus.query('scrape_samples_scraped')) {
      const host = Number(/^host-(\d+):/u.exec(metric['instance'] ?? '')?.[1]);
      t.equal(Number(value[1]), fleet.seriesOf(host), `host ${host}`);
      t.equal(fleet.seriesOf(host), scrapes[host % scrapes.length]?.series);
    }
    const ids = new Set(
      (await prometheus.query('container_info')).map(({ metric }) => metric['container_id']),
    );
    t.equal(ids.size, await number('count(container_info)'));
    t.notMatch(prometheus.log(), /duplicate|out.of.order|out of bounds|append failed/i);
  });

  t.test('scrape after scrape is stored, and counters grow', async t => {
    t.ok((await number('min(count_over_time(up[3s]))')) >= 2);
    t.ok((await number('min(count_over_time(container_last_seen[3s]))')) >= 2);
    t.ok((await number('sum(rate(container_cpu_usage_seconds_total[3s]))')) > 0);
    t.equal(await number('max(resets(container_cpu_usage_seconds_total[1m]))'), 0);
  });

  t.test('a snapshot tells what samples take on disk', async t => {
    const figures = await storageFigures(prometheus, templates);
    t.equal(figures.length, 3);
    for (const { what, value } of figures) t.ok(value > 0.5 && value < 1000, `${what}: ${value} bytes`);
    t.match(figures[0]?.note, /, [1-9]\d? % of the series move$/);
  });

  t.test('the rules sum up what the recordings say', async t => {
    const recordings = scrapes.map(({ text }) => parseExposition(text).series);
    const fleetOf = <Item>(of: (series: readonly Series[]) => readonly Item[]): Item[] =>
      Array.from({ length: hosts }, (_, host) => of(recordings[host % recordings.length] ?? [])).flat();
    const recorded = async (record: string, by: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await prometheus.query(record)).map(({ metric, value }) => [metric[by] ?? '', Number(value[1])]),
      );
    for (const { record, by, of } of SUMS) {
      const expected = summed(fleetOf(of), by);
      t.ok(
        Object.values(expected).some(value => value > 0),
        `${record} is about something`,
      );
      await until(`${record} is ${JSON.stringify(expected)}`, async () =>
        isDeepStrictEqual(await recorded(record, by), expected),
      );
    }
  });

  t.test('without the rules, the dashboard of the fleet says the same of the postures', async t => {
    const dashboard = readDashboards().find(({ uid }) => uid === 'confined-fleet');
    if (dashboard === undefined) throw new Error('no dashboard');
    const view = {
      endSeconds: Date.now() / 1000,
      rangeSeconds: 60,
      stepSeconds: 5,
      scrapeSeconds: 1,
      values: {},
    };
    const raw = new Map(withoutRules(dashboard).panels.map(panel => [panel.id, panel]));
    let compared = 0;
    for (const panel of queryPanels(dashboard)) {
      const recorded = (panel.targets ?? []).filter(
        ({ instant, expr }) => instant === true && /:(?:sum|count)\{/u.test(expr),
      );
      if (recorded.length === 0) continue;
      const exported = recorded.map(({ refId }) =>
        raw.get(panel.id)?.targets?.find(one => one.refId === refId),
      );
      for (const target of exported) t.notMatch(target?.expr ?? ':', /\w:\w+:|^:/u);
      const answers = (targets: readonly (Target | undefined)[]): Promise<Answer[]> =>
        answersOf(
          { ...panel, targets: targets.flatMap(target => (target === undefined ? [] : all(target))) },
          dashboard,
          view,
          path => prometheus.api(path),
        );
      const expected = await answers(exported);
      t.strictSame(valuesOf(await answers(recorded)), valuesOf(expected), panel.title);
      compared += expected.length;
    }
    t.ok(compared > 50, `${compared} series`);
  });
});

function named(name: string): (series: readonly Series[]) => Series[] {
  return series => series.filter(one => one.name === name);
}

/** Of several that are equal, the first ten are any ten. */
function all(target: Target): Target {
  return { ...target, expr: target.expr.replace(/^topk\(10, /u, 'sort(') };
}

/** By query and labels, in any order. */
function valuesOf(answers: readonly Answer[]): string[] {
  return answers
    .map(({ refId, labels, points }) => `${refId} ${JSON.stringify(labels)} ${points.at(-1)?.[1]}`)
    .toSorted();
}

/** Each extra capability of a container once, whichever set has it. */
function extraCapabilities(series: readonly Series[]): Series[] {
  const extra = named('container_capability_extra')(series).filter(({ labels }) => labels['scope'] === 'any');
  const once = new Map(extra.map(one => [`${one.labels['id']} ${one.labels['capability']}`, one]));
  return [...once.values()].map(one => ({ ...one, value: 1 }));
}

function summed(series: readonly Series[], by: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { labels, value } of series) {
    const key = labels[by] ?? '';
    sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}
