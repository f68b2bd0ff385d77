import type { Test } from 'tap';
import { startAlertmanager, type Alertmanager } from './alertmanager.js';
import {
  at,
  fields,
  list,
  parseDocuments,
  readDocument,
  readText,
  strings,
  type Fields,
} from './deployment.js';
import { IMAGE, startDockerDaemon, type DockerDaemon } from './docker-daemon.js';
import { minuteAsSecond } from './minute-as-second.js';
import { buildProgram, type RunningProgram } from './process.js';
import { configurePrometheus, type Prometheus } from './prometheus.js';
import { shippedRules } from './rules.js';
import { startWebhook, type Webhook } from './webhook.js';

const PROMETHEUS = 'deploy/prometheus/compose.yml';

/** What an alert comes by, in order. */
export interface AlertPath {
  readonly docker: DockerDaemon;
  readonly confined: RunningProgram;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly webhook: Webhook;
  /** Starts confined again, at the address where it was before. */
  restartConfined(): Promise<RunningProgram>;
}

/**
 * Docker, confined, Prometheus, Alertmanager and a receiver, until the test ends: configured as shipped for Compose, but for
 * addresses, and with a second for every minute. Docker has a container `healthy`, and the two of Compose that need more than
 * others, as far as their rights go.
 */
export async function startAlertPath(t: Test): Promise<AlertPath> {
  const docker = await startDockerDaemon();
  t.teardown(() => docker.stop());
  const containers = [
    ['--name=healthy'],
    ...['confined', 'docker-proxy'].map(name => flagsOfService(name, docker)),
  ];
  for (const flags of containers) await docker.run(...flags, IMAGE, 'sleep', '9999');
  const program = buildProgram(t);
  const start = (listenAddress?: string): Promise<RunningProgram> =>
    program.start(t, [`--docker.host=${docker.host}`], listenAddress === undefined ? {} : { listenAddress });
  const confined = await start();
  await confined.ready();
  const webhook = await startWebhook(t);
  const alertmanager = await startAlertmanager(t, alertmanagerConfiguration(webhook.url));
  const prometheus = await configurePrometheus(
    t,
    ownAddress =>
      prometheusConfiguration({
        'confined:10401': confined.address,
        'localhost:9090': ownAddress,
        'alertmanager:9093': alertmanager.address,
      }),
    shippedRules(minuteAsSecond),
  );
  const restartConfined = (): Promise<RunningProgram> => start(confined.address);
  return { docker, confined, prometheus, alertmanager, webhook, restartConfined };
}

/** The name and the rights that Compose gives to the container of a service. */
function flagsOfService(name: string, docker: DockerDaemon): string[] {
  const service = fields(at(readDocument('deploy/compose.yaml'), 'services', name));
  const flags = (flag: string, values: unknown): string[] =>
    strings(values).map(value => `--${flag}=${value}`);
  return [
    `--name=confined-${name}-1`,
    ...(service['pid'] === 'host' ? ['--pid=host'] : []),
    ...(service['cgroup'] === 'host' ? ['--cgroupns=host'] : []),
    `--user=${String(service['user'])}`,
    `--read-only=${String(service['read_only'])}`,
    ...flags('cap-drop', service['cap_drop']),
    ...flags('cap-add', service['cap_add']),
    ...flags('security-opt', service['security_opt']),
    ...flags('volume', service['volumes']).map(flag =>
      flag.replace('/var/run/docker.sock', docker.socketPath),
    ),
  ];
}

function alertmanagerConfiguration(webhookUrl: string): Fields {
  const shipped = readDocument('deploy/alertmanager/alertmanager.yml');
  const receivers = list(shipped['receivers']).map(fields);
  return minuteAsSecond({
    ...shipped,
    receivers: receivers.map(receiver =>
      receiver['name'] === 'default' ? { ...receiver, webhook_configs: [{ url: webhookUrl }] } : receiver,
    ),
  });
}

/** With the targets at these addresses. Rules are evaluated each minute where nothing else is said: here each second. */
function prometheusConfiguration(addresses: Readonly<Record<string, string>>): Fields {
  const text = Object.entries(addresses).reduce(
    (text, [shipped, address]) => text.replaceAll(shipped, address),
    readText(PROMETHEUS),
  );
  return {
    ...parseDocuments(text, PROMETHEUS)[0],
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
  };
}
