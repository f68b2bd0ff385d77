import type { Test } from 'tap';
import type { Fields } from '../../test/support/deployment.js';
import { configurePrometheus, type Prometheus } from '../../test/support/prometheus.js';
import { shippedRules } from '../../test/support/rules.js';
import type { FleetServer } from './fleet-server.js';

export interface FleetPrometheusOptions {
  readonly hosts: number;
  readonly intervalSeconds: number;
  /** What is done to the shipped rule files; nothing unless said. */
  readonly rules?: (document: Fields) => Fields;
}

/** A Prometheus that scrapes each host of a fleet, with the shipped recording rules and alerts. */
export function startFleetPrometheus(
  t: Pick<Test, 'teardown'>,
  fleet: FleetServer,
  { hosts, intervalSeconds, rules = document => document }: FleetPrometheusOptions,
): Promise<Prometheus> {
  const files = shippedRules(rules);
  const configuration = {
    global: {
      scrape_interval: `${intervalSeconds}s`,
      scrape_timeout: `${intervalSeconds}s`,
      evaluation_interval: `${intervalSeconds}s`,
    },
    rule_files: Object.keys(files),
    scrape_configs: [
      {
        job_name: 'confined',
        static_configs: Array.from({ length: hosts }, (_, host) => ({
          targets: [fleet.address],
          labels: { __metrics_path__: `/hosts/${host}`, instance: `host-${host}:10401` },
        })),
      },
    ],
  };
  return configurePrometheus(t, () => configuration, files);
}
