import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { until } from '../support/process.js';
import { startPrometheus } from '../support/prometheus.js';
import { readRules } from '../support/rules.js';
import { skipWithout } from '../support/skip-reason.js';

/**
 * By recorded host and alert, the containers that its expression finds. Each was started weak on purpose, or entered;
 * the others must not be there. An alert about a whole host has no name.
 */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'v2-systemd-apparmor': {
    ConfinedSeccompDisabled: ['debug'],
    ConfinedCapabilityExtra: ['agent', 'debug'],
    ConfinedCapabilityDangerous: ['agent', 'debug'],
    ConfinedCapabilityBoundingOnly: ['odd.labels_1'],
    ConfinedPrivilegedExec: ['locked'],
    ConfinedContainerPrivileged: ['privileged'],
    ConfinedPostureDrift: ['locked'],
    ConfinedNamespaceForeignProcess: ['db', 'db-metrics'],
    ConfinedHostNamespaceShared: ['agent'],
    ConfinedContainerSocketMounted: ['agent', 'debug'],
    ConfinedSensitiveMountWritable: ['agent', 'debug'],
    ConfinedRootWithoutUserNamespace: [''],
    ConfinedContainerUnhealthy: ['odd.labels_1'],
  },
  'v2-rootless': { ConfinedContainerPrivileged: ['privileged'] },
};
/** The recordings hold no figures of the exporter's own. */
const OWN = 'confined_build_info{version="0.1.0"} 1\nconfined_docker_up 1\n';

t.test(
  'on recorded hosts the alerts find the containers that are weak, and no others',
  { skip: skipWithout('prometheus') },
  async t => {
    const hosts = Object.keys(EXPECTED);
    const addresses = await Promise.all(hosts.map(host => serve(t, host)));
    const targets = Object.fromEntries(hosts.map((host, index) => [host, addresses[index] ?? '']));
    const prometheus = await startPrometheus(t, targets, 1);
    await until('every host is scraped', async () => {
      const scraped = await prometheus.query('container_last_seen{id!="/"}');
      return new Set(scraped.map(({ metric }) => metric['job'])).size === hosts.length;
    });
    const found: Record<string, Record<string, string[]>> = Object.fromEntries(hosts.map(host => [host, {}]));
    for (const { alert = '', expr } of readRules('deploy/prometheus/alerts.yml'))
      for (const { metric } of await prometheus.query(expr)) {
        const alerts = found[metric['job'] ?? ''] ?? {};
        alerts[alert] = [...new Set([...(alerts[alert] ?? []), metric['name'] ?? ''])].toSorted();
      }
    t.strictSame(found, EXPECTED);
  },
);

/** Serves the scrape of a recorded host until the test ends; answers the address. */
async function serve(t: Test, host: string): Promise<string> {
  const text = readFileSync(`test/hosts/${host}/expected.prom`, 'utf8').replace('# EOF\n', '') + OWN;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
