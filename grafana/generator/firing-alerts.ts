import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { COLOURS, words } from './field.js';
import { containerOfRow, runbookOfRow } from './links.js';
import { ofHosts } from './selectors.js';
import { table } from './table.js';

/** The alerts of confined that fire on the chosen hosts, each with its runbook. */
export function firingAlerts(): PanelBuilder {
  const firing = ofHosts('ALERTS', 'alertstate="firing"', 'alertname=~"Confined.+"');
  return table({
    title: 'Alerts that fire',
    description:
      'Alerts of confined on these hosts; a click on the name opens what it means and what to do. Prometheus has to load the rules of confined.',
    span: 24,
    height: 7,
    noValue: 'No alert of confined fires.',
    // By the alphabet the critical ones come first.
    sortBy: 'Severity',
    ascending: true,
    keys: [
      { label: 'severity', title: 'Severity', width: 120, mappings: SEVERITIES },
      { label: 'alertname', title: 'Alert', link: runbookOfRow('Alert') },
      { label: 'name', title: 'Container', link: containerOfRow('Container', 'Instance') },
      { label: 'instance', title: 'Instance' },
    ],
    columns: [
      {
        title: 'Alerts',
        expr: `count by (severity, alertname, name, instance) (${firing})`,
        width: 90,
      },
    ],
  });
}

const SEVERITIES = words({
  critical: ['critical', COLOURS.bad],
  warning: ['warning', COLOURS.warning],
  info: ['info', COLOURS.notice],
});
