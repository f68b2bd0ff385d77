import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { startFleetPrometheus } from '../../bench/scale/fleet-prometheus.js';
import { serveFleet } from '../../bench/scale/fleet-server.js';
import { recordedScrapes } from '../../bench/scale/recorded-scrapes.js';
import { ScrapeTemplate } from '../../bench/scale/scrape-template.js';
import { parseExposition } from '../support/exposition.js';
import { minuteAsSecond } from '../support/minute-as-second.js';
import { until } from '../support/process.js';
import { skipWithout } from '../support/skip-reason.js';

t.setTimeout(120_000);

t.test('a simulated fleet is one to a real Prometheus', { skip: skipWithout('prometheus') }, async t => {
  const scrapes = await recordedScrapes();
  const hosts = scrapes.length + 3;
  const fleet = await serveFleet(scrapes.map(({ text }) => new ScrapeTemplate(text)));
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

  t.test('the rules sum up what the recordings say', async t => {
    const weak = scrapes.map(
      ({ text }) =>
        parseExposition(text).series.filter(
          ({ name, labels, value }) =>
            name === 'container_seccomp_mode' && labels['scope'] === 'any' && value === 0,
        ).length,
    );
    const expected = Array.from({ length: hosts }, (_, host) => weak[host % weak.length] ?? 0);
    const sum = expected.reduce((total, count) => total + count, 0);
    t.ok(sum > 0);
    await until('recorded', async () => (await number('job:container_seccomp_disabled:sum')) === sum);
  });
});
