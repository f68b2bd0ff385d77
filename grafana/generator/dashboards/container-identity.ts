import { COLOURS, steps, words } from '../field.js';
import type { Row } from '../frame.js';
import { runbook } from '../links.js';
import { ofContainer } from '../selectors.js';
import { stat } from '../stat.js';
import { table } from '../table.js';

/** Who it is and how it fares. */
export function identity(): Row['panels'] {
  const tile = { span: 4, unit: 'short' } as const;
  return [
    stat({
      ...tile,
      title: 'State',
      description: 'What Docker says of it.',
      text: 'name',
      queries: [{ expr: `${ofContainer('container_state')} == 1`, legend: '{{state}}' }],
    }),
    stat({
      ...tile,
      title: 'Health',
      description: 'What its health check says; none: it has no health check.',
      text: 'name',
      links: [runbook('ConfinedContainerUnhealthy')],
      noValue: 'not known',
      queries: [{ expr: `${ofContainer('container_health_status')} == 1`, legend: '{{status}}' }],
    }),
    stat({
      ...tile,
      title: 'Up for',
      description: 'Time since its last start, if it runs.',
      unit: 's',
      decimals: 0,
      noValue: 'does not run',
      queries: [
        {
          expr: `time() - (${ofContainer('container_start_time_seconds')} and ${ofContainer('container_last_seen')})`,
          legend: '{{name}}',
        },
      ],
    }),
    stat({
      ...tile,
      title: 'Restarts',
      description: 'How often it was started again within the time range.',
      links: [runbook('ConfinedRestartLoop')],
      queries: [
        {
          expr: `changes(${ofContainer('container_start_time_seconds')}[$__range])`,
          legend: '{{name}}',
        },
      ],
    }),
    stat({
      ...tile,
      title: 'Last exit',
      description: 'The status with which it ended last; 137 is a kill, often for want of memory.',
      noValue: 'has not ended yet',
      thresholds: steps(COLOURS.good, [1, COLOURS.bad]),
      queries: [{ expr: ofContainer('container_exit_code'), legend: '{{name}}' }],
    }),
    stat({
      ...tile,
      title: 'Out of memory',
      description:
        'How many of its processes the kernel ended since its last start because the limit was reached.',
      noValue: 'does not run',
      decimals: 0,
      // An increase is extrapolated, so that it is seldom a whole number.
      thresholds: steps(COLOURS.good, [0.5, COLOURS.bad]),
      links: [runbook('ConfinedOomKill')],
      queries: [
        { expr: `increase(${ofContainer('container_oom_events_total')}[$__range])`, legend: '{{name}}' },
      ],
    }),
    table({
      title: 'Identity',
      description:
        'What it was made from. Several rows: several containers are chosen; the variable Cgroup tells them apart.',
      span: 16,
      height: 6,
      keys: [
        { label: 'name', title: 'Container' },
        { label: 'instance', title: 'Instance' },
        { label: 'image', title: 'Image' },
        { label: 'compose_project', title: 'Compose project' },
        { label: 'compose_service', title: 'Compose service' },
        { label: 'restart_policy', title: 'Restarts' },
        { label: 'runtime', title: 'Runtime' },
        { label: 'id', title: 'Cgroup' },
      ],
      columns: [
        {
          title: 'Containers',
          hidden: true,
          expr: `max by (name, instance, image, compose_project, compose_service, restart_policy, runtime, id) (${ofContainer('container_info')})`,
        },
      ],
    }),
    table({
      title: 'Limits',
      description: 'Whether anything limits the resource, in the kernel.',
      span: 8,
      height: 6,
      noValue: 'does not run',
      keys: [{ label: 'id' }, { label: 'resource', title: 'Resource' }],
      columns: [
        {
          title: 'Limit',
          expr: `max by (id, resource) (${ofContainer('container_limit_unset')})`,
          mappings: words({ 0: ['limited', COLOURS.good], 1: ['no limit', COLOURS.warning] }),
          colour: 'cell',
        },
      ],
    }),
  ];
}
