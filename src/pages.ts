import { configurationPage } from './config/page.js';
import { cadvisorPage } from './metrics/cadvisor-page.js';
import { metricsPage } from './metrics/page.js';
import { SELF_METRICS } from './metrics/self.js';
import { CONTAINER_METRICS } from './metrics/table.js';

/** The pages of the documentation that are made from the program's own tables, by their path in the repository. */
export function generatedPages(): ReadonlyMap<string, string> {
  const names = new Set([...CONTAINER_METRICS, ...SELF_METRICS].map(metric => metric.name));
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/cadvisor.md', cadvisorPage(names)],
  ]);
}
