import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { answersOf, type Answer, type View } from '../../grafana/preview/answers.js';
import {
  queryPanels,
  readDashboards,
  type DashboardFile,
  type Panel,
} from '../../grafana/preview/dashboard-file.js';
import { interpolate, labelsInLegend } from '../../grafana/preview/interpolate.js';
import { tableRows } from '../../grafana/preview/table-rows.js';
import { clockOf, flagsFor, startTestDaemon } from '../support/daemon.js';
import { IMAGE, skipReason, startDockerDaemon } from '../support/docker-daemon.js';
import { startExampleShop } from '../support/example-shop.js';
import { until } from '../support/process.js';
import { configurePrometheus, type Prometheus } from '../support/prometheus.js';
import { openRecordedHost, recordedHostNames, type RecordedHost } from '../support/recorded-host.js';
import { shippedRules } from '../support/rules.js';
import { skipWithout } from '../support/skip-reason.js';
import { minuteAsSecond } from '../support/minute-as-second.js';

t.setTimeout(600_000);
const dashboards = readDashboards();
const SCRAPE_SECONDS = 1;
/** The recorded host that has files which can not be read or understood. */
const DAMAGED = 'v2-systemd-apparmor';

/** The panels of all dashboards that showed nothing anywhere yet: all of them have to, before the end. */
const neverSeen = new Set(
  dashboards.flatMap(dashboard =>
    queryPanels(dashboard).flatMap(panel =>
      (panel.targets ?? []).map(({ refId }) => nameOf(dashboard, panel, refId)),
    ),
  ),
);

t.test('on a real host', { skip: skipReason() || skipWithout('prometheus') }, async t => {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  await docker.run('--name', 'plain', IMAGE, 'sleep', '99999');
  const daemon = await startTestDaemon([`--docker.host=${docker.host}`]);
  t.teardown(() => daemon.stop());
  const prometheus = await startWithRules(t, { confined: daemon.url.replace('http://', '') });

  t.test('a healthy one has a value or a reason why not in every panel', async t => {
    await recorded(prometheus, 1);
    for (const dashboard of dashboards)
      for (const { panel, answers } of await askAll(dashboard, viewOf(dashboard, 'plain'), prometheus))
        t.ok(answers.length > 0 || panel.fieldConfig?.defaults.noValue, `${dashboard.title}: ${panel.title}`);
    const alarms = 'ALERTS{alertname=~"Confined.+", severity!="info"}';
    t.strictSame(await prometheus.query(alarms), [], 'and no alert');
  });

  t.test('a shop where much goes wrong is shown as it is', async t => {
    const endStrangers = await startExampleShop(docker);
    t.teardown(endStrangers);
    await until('the shop is seen', async () => (await countOf(prometheus, 'container_info')) === 10);
    await docker.cli('restart', '--time=0', 'worker');
    await docker.cli('exec', '--detach', '--user=0', 'cache', 'sleep', '20');
    for (const alert of ['ConfinedSeccompDisabled', 'ConfinedOomKill', 'ConfinedNamespaceForeignProcess'])
      await until(alert, async () => (await firing(prometheus, alert)) > 0);
    const changed = 'container_posture_changes_total{name="cache", control="user"} offset 3s > 0';
    await until('the change is seen', async () => (await countOf(prometheus, changed)) > 0);
    const seen = new Map<string, readonly Answer[]>();
    for (const dashboard of dashboards)
      for (const { panel, answers } of await askAll(
        dashboard,
        viewOf(dashboard, 'web|importer|debug|agent'),
        prometheus,
      )) {
        checkNames(t, dashboard, panel, answers);
        seen.set(`${dashboard.uid} ${panel.title}`, answers);
      }
    const value = (panel: string): number | undefined => seen.get(panel)?.[0]?.points.at(-1)?.[1];
    const names = (panel: string): string[] =>
      [...new Set((seen.get(panel) ?? []).map(({ labels }) => labels['name'] ?? ''))].toSorted();
    t.equal(value('confined-overview Without seccomp'), 1, 'debug');
    t.equal(value('confined-overview Extra capabilities'), 2, 'agent and debug');
    t.equal(value('confined-fleet Without seccomp'), 1);
    t.equal(value('confined-posture Host namespaces'), 2);
    t.strictSame(names('confined-posture Who has which'), ['agent', 'debug']);
    t.strictSame(names('confined-posture Sensitive mounts'), ['agent']);
    t.strictSame(
      names('confined-posture Foreign processes').filter(name => name !== ''),
      ['db', 'web'],
    );
    t.ok(names('confined-posture Last changes').includes('cache'));
    t.ok(names('confined-overview Running containers').includes('worker'));
    t.notOk(names('confined-overview Running containers').includes('migration'), 'it has ended');
    await checkEvents(t, prometheus);
    await checkVariables(t, prometheus);
  });
});

t.test('on a fleet of recorded hosts', { skip: skipWithout('prometheus') }, async t => {
  const targets: Record<string, string> = {};
  for (const name of recordedHostNames()) {
    const host = await openRecordedHost(name);
    t.teardown(() => host.close());
    if (name === DAMAGED) damage(host);
    const daemon = await startTestDaemon(flagsFor(host), { clock: clockOf(host) });
    t.teardown(() => daemon.stop());
    targets[name] = daemon.url.replace('http://', '');
  }
  const prometheus = await startWithRules(t, targets);
  const hosts = Object.keys(targets).length;
  await recorded(prometheus, hosts);
  for (const dashboard of dashboards)
    for (const { panel, answers } of await askAll(dashboard, viewOf(dashboard), prometheus))
      checkNames(t, dashboard, panel, answers);
  const fleet = dashboards.find(({ uid }) => uid === 'confined-fleet');
  const panel = fleet?.panels.find(({ title }) => title === 'Hosts and their posture');
  if (fleet === undefined || panel === undefined) throw new Error('no table of hosts');
  const { columns, rows } = tableRows(
    panel,
    await answersOf(panel, fleet, viewOf(fleet), path => prometheus.api(path)),
  );
  t.equal(rows.length, hosts, 'a row for each host');
  const column = (title: string): number => columns.findIndex(column => column.title === title);
  for (const title of ['Without seccomp', 'Extra capabilities', 'Drift', 'Sensitive mounts', 'Unverified'])
    t.ok(
      rows.every(row => Number.isFinite(row[column(title)])),
      `${title} of every host`,
    );
});

t.test('every query of every panel has shown something', async t => {
  if (skipReason() !== false || skipWithout('prometheus') !== false) return;
  t.strictSame([...neverSeen], []);
});

/** A file of a container that says nonsense, and another that is none. */
function damage({ cgroupfs }: RecordedHost): void {
  const files = readdirSync(cgroupfs, { recursive: true, encoding: 'utf8' });
  const fileOf = (name: string): string => {
    const found = files.find(path => path.includes('/docker-') && path.endsWith(`/${name}`));
    if (found === undefined) throw new Error(`no ${name} of a container`);
    return join(cgroupfs, found);
  };
  writeFileSync(fileOf('memory.stat'), 'nonsense');
  const unreadable = fileOf('memory.current');
  rmSync(unreadable);
  mkdirSync(unreadable);
}

/** With the shipped rules, in which a second stands for a minute. */
function startWithRules(t: Test, targets: Readonly<Record<string, string>>): Promise<Prometheus> {
  const files = shippedRules(minuteAsSecond);
  const every = `${SCRAPE_SECONDS}s`;
  const configuration = {
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: Object.keys(files),
    scrape_configs: Object.entries(targets).map(([job, address]) => ({
      job_name: job,
      static_configs: [{ targets: [address] }],
    })),
  };
  return configurePrometheus(t, () => configuration, files);
}

/** Waits until the recording rules have seen so many hosts, and seen them for as long as a rate takes. */
async function recorded(prometheus: Prometheus, hosts: number): Promise<void> {
  for (const record of [
    'instance:container_cpu_usage:ratio_rate5m',
    'instance_view:container_privileged:sum',
  ])
    await until(record, async () => (await countOf(prometheus, `count by (job) (${record})`)) === hosts);
  await until('there are enough scrapes', async () => (await countOf(prometheus, 'up offset 6s')) === hosts);
}

async function countOf(prometheus: Prometheus, expression: string): Promise<number> {
  return (await prometheus.query(expression)).length;
}

function firing(prometheus: Prometheus, alert: string): Promise<number> {
  return countOf(prometheus, `ALERTS{alertname="${alert}", alertstate="firing"}`);
}

/** The last two minutes of all that the variables offer, but for the container of the dashboard about one. */
function viewOf({ uid }: DashboardFile, container = '.+'): View {
  return {
    endSeconds: Date.now() / 1000,
    rangeSeconds: 120,
    stepSeconds: 2,
    scrapeSeconds: SCRAPE_SECONDS,
    values: uid === 'confined-container' ? { container } : {},
  };
}

async function askAll(
  dashboard: DashboardFile,
  view: View,
  prometheus: Prometheus,
): Promise<{ panel: Panel; answers: Answer[] }[]> {
  const all = [];
  for (const panel of queryPanels(dashboard)) {
    const answers = await answersOf(panel, dashboard, view, path => prometheus.api(path));
    for (const { refId } of answers) neverSeen.delete(nameOf(dashboard, panel, refId));
    all.push({ panel, answers });
  }
  return all;
}

/** Every label that a legend or a column shows is there. */
function checkNames(t: Test, dashboard: DashboardFile, panel: Panel, answers: readonly Answer[]): void {
  const title = `${dashboard.title}: ${panel.title}`;
  const missing = answers.flatMap(({ refId, labels }) => {
    const { legendFormat = '' } = panel.targets?.find(target => target.refId === refId) ?? {};
    return labelsInLegend(legendFormat).filter(label => !(label in labels));
  });
  t.strictSame(missing, [], title);
  if (panel.type !== 'table') return;
  const { columns, rows } = tableRows(panel, answers);
  const keys = rows.length === 0 ? [] : columns.slice(0, 2);
  const optional = new Set(['Compose project', 'Compose service', 'Restarts', 'Level', 'LSM']);
  for (const [index, { title: column }] of keys.entries())
    if (!optional.has(column))
      t.ok(
        rows.every(row => row[index] !== undefined),
        `${title}: ${column}`,
      );
}

/** What is marked in the graphs has happened. */
async function checkEvents(t: Test, prometheus: Prometheus): Promise<void> {
  for (const dashboard of dashboards)
    for (const { name, expr, textFormat } of dashboard.annotations.list) {
      const found = await prometheus.query(
        interpolate(expr, dashboard, viewOf(dashboard).values, viewOf(dashboard)),
      );
      t.not(found.length, 0, `${dashboard.title}: ${name}`);
      for (const { metric } of found)
        t.strictSame(
          labelsInLegend(textFormat).filter(label => !(label in metric)),
          [],
          textFormat,
        );
    }
}

/** Every variable offers something to choose. */
async function checkVariables(t: Test, prometheus: Prometheus): Promise<void> {
  const offered = async (dashboard: DashboardFile, query: string): Promise<string[]> => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/u.exec(query) ?? [];
    const match = encodeURIComponent(
      interpolate(selector, dashboard, viewOf(dashboard).values, viewOf(dashboard)),
    );
    return (await prometheus.api(`label/${label}/values?match[]=${match}`)) as string[];
  };
  for (const dashboard of dashboards)
    for (const { name, query } of dashboard.templating.list)
      if (typeof query !== 'string')
        t.not((await offered(dashboard, query.query)).length, 0, `${dashboard.title}: ${name}`);
}

function nameOf(dashboard: DashboardFile, panel: Panel, refId: string): string {
  return `${dashboard.title}: ${panel.title} ${refId}`;
}
