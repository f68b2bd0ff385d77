import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { container } from './dashboards/container.js';
import { exporter } from './dashboards/exporter.js';
import { fleet } from './dashboards/fleet.js';
import { overview } from './dashboards/overview.js';
import { posture } from './dashboards/posture.js';

/** The dashboards' files, by their path in the repository. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map(
    [...dashboards()].map(([name, dashboard]) => [
      `grafana/dashboards/${name}.json`,
      `${JSON.stringify(dashboard, undefined, 2)}\n`,
    ]),
  );
}

/** All dashboards, by the name of their file. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  return new Map([
    ['overview', overview()],
    ['container', container()],
    ['security-posture', posture()],
    ['fleet', fleet()],
    ['exporter', exporter()],
  ]);
}
