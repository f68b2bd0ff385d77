import { dashboardFiles } from '../grafana/generator/dashboards.js';
import { generatedPages } from '../src/pages.js';
import { prometheusRule } from './prometheus-rule.js';

/** Every committed file that is made from another one, by its path in the repository. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([...generatedPages(), ...dashboardFiles(), prometheusRule()]);
}
