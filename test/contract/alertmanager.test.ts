import t from 'tap';
import { ALERTMANAGER, startAlertmanager, type KnownAlert } from '../support/alertmanager.js';
import { at, fields, list, readDocument, readText } from '../support/deployment.js';
import { durationSeconds } from '../support/minute-as-second.js';
import { until } from '../support/process.js';
import { readRules } from '../support/rules.js';
import { outputOf } from '../support/run-tool.js';
import { skipWithout } from '../support/skip-reason.js';

const skip = skipWithout('amtool', ALERTMANAGER);
const PATH = 'deploy/alertmanager/alertmanager.yml';
const DOWN = 'ConfinedExporterDown';
const configuration = readDocument(PATH);
const root = fields(configuration['route']);
const routes = list(root['routes']).map(fields);
const alerts = readRules('deploy/prometheus/alerts.yml');
const names = [...new Set(alerts.map(({ alert = '' }) => alert))];
const BY_PRIVILEGED = [
  ...names.filter(name => name.startsWith('ConfinedCapability')),
  'ConfinedPostureDrift',
  'ConfinedPrivilegedExec',
  'ConfinedSeccompDisabled',
];
/** Alerts, and those that they stand in for. */
const GREATER: readonly (readonly [name: string, smaller: readonly string[]])[] = [
  [DOWN, names.filter(name => name !== DOWN)],
  ['ConfinedContainerPrivileged', BY_PRIVILEGED],
  ['ConfinedPrivilegedUnconfigured', BY_PRIVILEGED],
  ['ConfinedCapabilityDangerous', ['ConfinedCapabilityExtra']],
];
const ordinary = names.filter(name => GREATER.every(([source]) => source !== name));

t.test('amtool takes it', { skip }, async t => {
  t.match(readText(PATH), 'amtool check-config alertmanager.yml', 'as it says');
  t.match(outputOf('amtool', 'check-config', PATH), 'SUCCESS');
});

t.test('every alert goes to the route of its severity', { skip }, async t => {
  for (const { alert = '', labels } of alerts) {
    const { severity = '' } = labels;
    const route = severity === 'warning' ? 'default-route' : `{severity="${severity}"}`;
    t.match(
      routeOf(`alertname=${alert}`, `severity=${severity}`, 'name=shop-db-1'),
      `── ${route}  receiver: default\n`,
    );
  }
});

t.test('what the services of Compose need goes nowhere, and no more', { skip }, async t => {
  const compose = readDocument('deploy/compose.yaml');
  const [confined = '', proxy = '', other = ''] = ['confined', 'docker-proxy', 'grafana'].map(service => {
    t.ok(at(compose, 'services', service), service);
    return `name=${String(compose['name'])}-${service}-1`;
  });
  for (const [receiver, alert, ...labels] of [
    ['nobody', 'HostNamespaceShared', 'namespace=pid', confined],
    ['default', 'HostNamespaceShared', 'namespace=net', confined],
    ['default', 'HostNamespaceShared', 'namespace=pid', other],
    ['default', 'HostNamespaceShared', 'namespace=pid'],
    ['nobody', 'CapabilityDangerous', 'capability=CAP_SYS_PTRACE', confined],
    ['default', 'CapabilityDangerous', 'capability=CAP_SYS_ADMIN', confined],
    ['default', 'CapabilityDangerous', 'capability=CAP_SYS_PTRACE', other],
    ['nobody', 'ContainerSocketMounted', proxy],
    ['default', 'ContainerSocketMounted', confined],
    ['default', 'SeccompDisabled', confined],
  ] as const) {
    t.ok(names.includes(`Confined${alert}`), alert);
    const route = routeOf(`alertname=Confined${alert}`, 'severity=critical', ...labels);
    t.match(route, `receiver: ${receiver}\n`, [alert, ...labels].join());
  }
});

t.test('the greater alert inhibits the smaller ones', { skip }, async t => {
  const alertmanager = await startAlertmanager(t, configuration);
  const sent = GREATER.flatMap(([source, smaller]) => [
    ...[...new Set([source, ...smaller, ...ordinary])].map(name => labelsOf(name, source, '/same')),
    ...ordinary.map(name => labelsOf(name, source, '/other')),
  ]);
  const expected = GREATER.flatMap(([source, smaller]) => [
    ...smaller.map(name => labelsOf(name, source, '/same')),
    // Nothing is known of any container then.
    ...(source === DOWN ? ordinary : []).map(name => labelsOf(name, source, '/other')),
  ]);
  await alertmanager.send(sent);
  let suppressed: readonly KnownAlert['labels'][] = [];
  await until(`${sent.length} alerts are known, ${expected.length} of them inhibited`, async () => {
    const known = await alertmanager.alerts();
    suppressed = known.filter(({ status }) => status.state === 'suppressed').map(({ labels }) => labels);
    return known.length === sent.length && suppressed.length >= expected.length;
  });
  t.strictSame(new Set(suppressed), new Set(expected));
});

t.test('an exporter that does not answer is told before the alerts of its containers end', async t => {
  const waits = [root, ...routes].map(({ group_wait }) => seconds(group_wait));
  const down = alerts.find(({ alert }) => alert === DOWN);
  const ofExporters = alerts.filter(({ alert }) => alert !== DOWN && alert !== 'ConfinedExporterAbsent');
  t.ok(ofExporters.length > 0);
  for (const { alert = '', keep_firing_for } of ofExporters)
    // A minute more, for rules are evaluated one after the other, each minute.
    t.ok(seconds(keep_firing_for) >= seconds(down?.for) + Math.max(...waits) + 60, alert);
  t.ok(seconds(down?.keep_firing_for) > seconds(root['group_interval']), 'until each group had its turn');
  for (const route of routes) t.equal(route['group_interval'], undefined, 'which is one for all');
});

/** The route that an alert with these labels takes, as a tree, and where it ends. */
function routeOf(...labels: readonly string[]): string {
  return outputOf('amtool', 'config', 'routes', 'test', '--tree', `--config.file=${PATH}`, ...labels);
}

/** Of an alert of a container, on the host where the greater alert is. */
function labelsOf(alertname: string, greater: string, id: string): KnownAlert['labels'] {
  return { alertname, job: 'confined', instance: `host of ${greater}`, id };
}

function seconds(duration: unknown): number {
  return duration === undefined ? 0 : durationSeconds(duration);
}
