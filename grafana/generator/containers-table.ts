import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { controls, type Control, type Select } from './controls.js';
import { COLOURS, steps } from './field.js';
import { containerOfRow } from './links.js';
import { memoryShare } from './resources.js';
import { perContainer, rate } from './selectors.js';
import { table, type KeyColumn, type ValueColumn } from './table.js';

/** The columns that say which container a row is about. */
export const CONTAINER_COLUMNS: readonly KeyColumn[] = [
  { label: 'job' },
  { label: 'id' },
  { label: 'name', title: 'Container', width: 170, link: containerOfRow('Container', 'Instance') },
  { label: 'instance', title: 'Instance', width: 160 },
];

/** What a control's column of a table by container shows. */
export function controlColumn({ title, expr, mappings }: Control): ValueColumn {
  return { title, expr, mappings, colour: 'cell' };
}

/** Controls that say the most in the least space. */
const SHOWN = new Set(['Seccomp', 'Capabilities', 'Privileged', 'Sensitive mounts', 'Drift', 'Unverified']);

/** A row for each running container: what it uses, and what is weak about it. */
export function containersTable(select: Select): PanelBuilder {
  const share = steps(COLOURS.good, [0.8, COLOURS.warning], [0.95, COLOURS.bad]);
  return table({
    title: 'Running containers',
    description:
      'What each container uses now, and whether it is confined. A click on the name opens everything about it.',
    span: 24,
    height: 11,
    sortBy: 'CPU',
    keys: CONTAINER_COLUMNS,
    columns: [
      {
        title: 'Up for',
        expr: `time() - ${perContainer('max', `${select('container_start_time_seconds')} and ${select('container_last_seen')}`)}`,
        unit: 's',
        decimals: 0,
      },
      {
        title: 'CPU',
        // The rate outlives a container by a while, which the last sample does not.
        expr: `${perContainer('sum', rate(select('container_cpu_usage_seconds_total', 'cpu="total"')))} and ${perContainer('max', select('container_last_seen'))}`,
        unit: 'short',
        decimals: 3,
      },
      {
        title: 'Memory',
        expr: perContainer('sum', select('container_memory_working_set_bytes')),
        unit: 'bytes',
      },
      {
        title: 'Of its limit',
        expr: perContainer('max', memoryShare(select)),
        unit: 'percentunit',
        thresholds: share,
        colour: 'text',
      },
      { title: 'Processes', expr: perContainer('sum', select('container_processes')) },
      ...controls(select)
        .filter(({ title }) => SHOWN.has(title))
        .map(controlColumn),
    ],
  });
}
