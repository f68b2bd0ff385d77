import type { Test } from 'tap';
import { fields, list, readDocument, type Fields } from '../../test/support/deployment.js';
import { configurePrometheus, type Prometheus } from '../../test/support/prometheus.js';
import { shippedRules } from '../../test/support/rules.js';
import type { FleetServer } from './fleet-server.js';

export interface FleetPrometheusOptions {
  readonly hosts: number;
  readonly intervalSeconds: number;
  /** What is done to the shipped rule files; nothing unless said. */
  readonly rules?: (document: Fields) => Fields;
}

/** A Prometheus that scrapes each host of a fleet, with the shipped configuration but for where and how often. */
export function startFleetPrometheus(
  t: Pick<Test, 'teardown'>,
  fleet: FleetServer,
  { hosts, intervalSeconds, rules = document => document }: FleetPrometheusOptions,
): Promise<Prometheus> {
  const shipped = readDocument('deploy/prometheus/prometheus.yml');
  const [job] = list(shipped['scrape_configs']);
  const configuration = {
    ...shipped,
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
    scrape_configs: [
      {
        ...fields(job),
        static_configs: Array.from({ length: hosts }, (_, host) => ({
          targets: [fleet.address],
          labels: { __metrics_path__: `/hosts/${host}`, instance: `host-${host}:10401` },
        })),
      },
    ],
  };
  return configurePrometheus(t, () => configuration, shippedRules(rules));
}
