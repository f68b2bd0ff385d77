import type { Select } from './controls.js';
import type { Events } from './frame.js';

/** What happened to containers: marks in the graphs. */
export function containerEvents(select: Select): Events[] {
  return [
    {
      name: 'Restart',
      expr: `changes(${select('container_start_time_seconds')}[2m]) > 0`,
      text: '{{name}} on {{instance}} was started again',
      colour: 'blue',
    },
    {
      name: 'Out of memory',
      expr: `increase(${select('container_oom_events_total')}[2m]) > 0`,
      text: 'the kernel killed a process of {{name}} on {{instance}}',
      colour: 'red',
    },
    {
      name: 'Posture changed',
      expr: `increase(${select('container_posture_changes_total')}[2m]) > 0`,
      text: '{{control}} of {{name}} on {{instance}} is confined otherwise than before',
      colour: 'purple',
    },
  ];
}
