import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startAlertPath, type AlertPath } from '../support/alert-path.js';
import { ALERTMANAGER, type Alertmanager, type KnownAlert } from '../support/alertmanager.js';
import { ROOT } from '../support/deployment.js';
import { IMAGE, skipReason } from '../support/docker-daemon.js';
import { until } from '../support/process.js';
import { skipWithout } from '../support/skip-reason.js';
import type { AlertStatus, NotifiedAlert, Webhook } from '../support/webhook.js';

t.setTimeout(300_000);

/** Where the files of this repository can be read. */
const REPOSITORY_URL = 'https://github.com/confined/confined/blob/main/';
const SLEEP = [IMAGE, 'sleep', '9999'] as const;
/** Twice the shipped group_interval, a minute as a second: each group of alerts has been told of what is new by then. */
const GROUPS_TOLD_SECONDS = 10;

t.test(
  'from a container to a notification, with the shipped rules and routes, a minute as a second',
  { skip: skipReason() || skipWithout('prometheus', ALERTMANAGER) },
  async t => {
    const path = await startAlertPath(t);
    await t.test('a container that is weak is told of', async t => testWeak(t, path));
    await t.test('of two alerts the greater is told', async t => testInhibition(t, path));
    await t.test('what Compose needs is not told', async t => testAccepted(t, path));
    await t.test('an exporter that is away stands in for its containers', async t => testAway(t, path));
    await t.test('a container that is gone is told as resolved', async t => testGone(t, path));
    await t.test('nothing else was told, and nothing went wrong', async t => testRest(t, path));
  },
);

async function testWeak(t: Test, path: AlertPath): Promise<void> {
  const { docker, webhook } = path;
  await until(
    'Prometheus has all targets',
    async () => (await path.prometheus.query('up == 1')).length === 3,
  );
  const startedMs = Date.now();
  const flags = ['--security-opt=seccomp=unconfined', '--cap-add=SYS_ADMIN'];
  const id = await docker.run('--name=weak', ...flags, ...SLEEP);
  await docker.run('--name=spy', '--pid=host', ...SLEEP);
  await untilTold(webhook, 'firing', [
    'ConfinedSeccompDisabled of weak',
    'ConfinedCapabilityDangerous of weak',
    'ConfinedHostNamespaceShared of spy',
  ]);
  t.comment(`told after ${(Date.now() - startedMs) / 1000} s`);

  const { Pid } = (await docker.inspect('weak')).State;
  const cgroups = readFileSync(`/proc/${Pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .map(line => line.replace(/^\d+:[^:]*:/, ''));
  const cgroup = cgroups.find(name => name.endsWith(id));
  const common = { job: 'confined', instance: path.confined.address, id: cgroup, name: 'weak', image: IMAGE };
  const of = (alertname: string): NotifiedAlert | undefined =>
    alertsOf(webhook).find(({ labels }) => labels['alertname'] === alertname && labels['name'] === 'weak');
  const seccomp = of('ConfinedSeccompDisabled');
  const capability = of('ConfinedCapabilityDangerous');
  t.strictSame(seccomp?.labels, {
    ...common,
    alertname: 'ConfinedSeccompDisabled',
    severity: 'warning',
    scope: 'any',
  });
  t.strictSame(capability?.labels, {
    ...common,
    alertname: 'ConfinedCapabilityDangerous',
    severity: 'critical',
    capability: 'CAP_SYS_ADMIN',
  });
  for (const { labels, annotations } of [seccomp, capability].filter(alert => alert !== undefined)) {
    t.match(annotations['summary'], /^A container (has|holds) .+\.$/);
    t.match(annotations['description'], `weak on ${path.confined.address}`);
    t.equal(annotations['runbook_url'], `${REPOSITORY_URL}docs/runbooks/${labels['alertname']}.md`);
    t.ok(existsSync(runbookOf({ annotations })));
  }
  t.match(capability?.annotations['description'], 'holds CAP_SYS_ADMIN, over the host');
}

async function testInhibition(t: Test, { prometheus, alertmanager }: AlertPath): Promise<void> {
  t.equal(
    (await prometheus.query('ALERTS{alertname="ConfinedCapabilityExtra",name="weak",alertstate="firing"}'))
      .length,
    1,
  );
  const [extra, ...others] = await known(alertmanager, 'ConfinedCapabilityExtra', 'weak');
  t.strictSame(others, []);
  t.equal(extra?.status.state, 'suppressed');
  t.equal(extra?.status.inhibitedBy.length, 1);
}

async function testAccepted(t: Test, { alertmanager }: AlertPath): Promise<void> {
  const accepted = [
    ['ConfinedHostNamespaceShared', 'confined-confined-1'],
    ['ConfinedCapabilityDangerous', 'confined-confined-1'],
    ['ConfinedContainerSocketMounted', 'confined-docker-proxy-1'],
  ] as const;
  for (const [alertname, name] of accepted) {
    const [alert] = await known(alertmanager, alertname, name);
    t.match(
      alert,
      { receivers: [{ name: 'nobody' }], status: { state: 'active' } },
      `${alertname} of ${name}`,
    );
  }
}

async function testAway(t: Test, path: AlertPath): Promise<void> {
  const { confined, prometheus, webhook } = path;
  // The alert that waits longest, so that all that can be told of these containers has been.
  await untilTold(webhook, 'firing', ['ConfinedRootWithoutUserNamespace of the host']);
  const before = webhook.notifications.length;
  const down = 'ConfinedExporterDown of the host';
  const killedMs = Date.now();
  await confined.kill();
  await untilTold(webhook, 'firing', [down]);
  t.comment(`told after ${(Date.now() - killedMs) / 1000} s`);
  const alert = alertsOf(webhook).find(one => nameOf(one) === down);
  t.strictSame(alert?.labels, {
    alertname: 'ConfinedExporterDown',
    severity: 'critical',
    job: 'confined',
    instance: confined.address,
  });
  t.match(alert?.annotations['description'], confined.address);
  t.ok(existsSync(runbookOf(alert)));

  const firing = async (): Promise<number> =>
    (await prometheus.query('ALERTS{alertstate="firing",name="weak"}')).length;
  await until('Prometheus has forgotten its containers', async () => (await firing()) === 0);
  await delay(GROUPS_TOLD_SECONDS * 1000);
  await path.restartConfined();
  await until('they fire again', async () => (await firing()) === 3);
  t.notOk(told(webhook, 'resolved').includes(down), 'it stands in for them until then');
  await untilTold(webhook, 'resolved', [down]);
  await delay(GROUPS_TOLD_SECONDS * 1000);
  const since = webhook.notifications.slice(before).flatMap(({ alerts }) => alerts);
  t.strictSame(
    since.map(one => `${one.status}: ${nameOf(one)}`),
    [`firing: ${down}`, `resolved: ${down}`],
    'no container was told to be well, nor told of again',
  );
}

async function testGone(t: Test, { docker, webhook }: AlertPath): Promise<void> {
  const expected = ['ConfinedSeccompDisabled of weak', 'ConfinedCapabilityDangerous of weak'];
  const removedMs = Date.now();
  await docker.cli('rm', '--force', 'weak');
  await untilTold(webhook, 'resolved', expected);
  t.comment(`told after ${(Date.now() - removedMs) / 1000} s`);
  for (const alert of expected) {
    const of = alertsOf(webhook).filter(one => nameOf(one) === alert);
    const [first, last] = [of.at(0), of.at(-1)];
    t.strictSame(last?.labels, first?.labels);
    t.strictSame([first?.status, last?.status], ['firing', 'resolved']);
    t.ok(Date.parse(last?.endsAt ?? '') >= removedMs, 'it ended after the container');
  }
}

async function testRest(t: Test, { prometheus, webhook }: AlertPath): Promise<void> {
  t.strictSame([...new Set(told(webhook, 'firing'))].toSorted(), [
    'ConfinedCapabilityDangerous of weak',
    'ConfinedExporterDown of the host',
    'ConfinedHostNamespaceShared of spy',
    'ConfinedRootWithoutUserNamespace of the host',
    'ConfinedSeccompDisabled of weak',
  ]);
  for (const { receiver, version, truncatedAlerts } of webhook.notifications)
    t.strictSame(
      { receiver, version, truncatedAlerts },
      { receiver: 'default', version: '4', truncatedAlerts: 0 },
    );
  const number = async (expression: string): Promise<number> =>
    Number((await prometheus.query(expression))[0]?.value[1]);
  for (const failures of [
    'alertmanager_alerts_invalid_total',
    'alertmanager_notifications_failed_total{integration="webhook"}',
    'prometheus_notifications_dropped_total',
    'prometheus_notifications_errors_total',
    'prometheus_rule_evaluation_failures_total',
  ])
    t.equal(await number(`sum(${failures})`), 0, failures);
  t.ok((await number('sum(alertmanager_alerts_received_total{status="firing"})')) > 0);
}

function alertsOf(webhook: Webhook): NotifiedAlert[] {
  return webhook.notifications.flatMap(({ alerts }) => [...alerts]);
}

/** The alerts that were told so, as `<alert> of <container>`. */
function told(webhook: Webhook, status: AlertStatus): string[] {
  return alertsOf(webhook)
    .filter(alert => alert.status === status)
    .map(nameOf);
}

function nameOf({ labels }: NotifiedAlert): string {
  return `${labels['alertname']} of ${labels['name'] ?? 'the host'}`;
}

/** Waits until all of these were told so at least once. */
async function untilTold(webhook: Webhook, status: AlertStatus, alerts: readonly string[]): Promise<void> {
  await until(`${status}: ${alerts.join(', ')}`, () => {
    const soFar = told(webhook, status);
    return alerts.every(alert => soFar.includes(alert));
  });
}

/** The page of this repository that an alert links to. */
function runbookOf(alert: Pick<NotifiedAlert, 'annotations'> | undefined): URL {
  return new URL((alert?.annotations['runbook_url'] ?? '').replace(REPOSITORY_URL, ''), ROOT);
}

/** What Alertmanager knows of an alert of a container. */
async function known(alertmanager: Alertmanager, alertname: string, name: string): Promise<KnownAlert[]> {
  return (await alertmanager.alerts()).filter(
    ({ labels }) => labels['alertname'] === alertname && labels['name'] === name,
  );
}
