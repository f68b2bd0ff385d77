import { barGauge } from '../bar-gauge.js';
import { COLOURS, steps } from '../field.js';
import type { Row } from '../frame.js';
import { runbook } from '../links.js';
import { ofHosts } from '../selectors.js';

/** What runs where, and what nobody sees. */
export function coverage(): Row['panels'] {
  const sixth = { span: 6, height: 7, unit: 'short' } as const;
  return [
    barGauge({
      ...sixth,
      title: 'Versions of confined',
      description: 'How many hosts run which version.',
      queries: [{ expr: `count by (version) (${ofHosts('confined_build_info')})`, legend: '{{version}}' }],
    }),
    barGauge({
      ...sixth,
      title: 'Kernels',
      description: 'How many hosts run which kernel.',
      queries: [{ expr: `count by (kernel) (${ofHosts('confined_host_info')})`, legend: '{{kernel}}' }],
    }),
    barGauge({
      ...sixth,
      title: 'May look into processes',
      description:
        'On how many hosts confined can read all (ptrace yes), and on how many only what needs no capability (no).',
      queries: [
        { expr: `count by (ptrace) (${ofHosts('confined_host_info')})`, legend: 'ptrace {{ptrace}}' },
      ],
    }),
    barGauge({
      ...sixth,
      title: 'Unverified controls',
      description: 'How many containers have a control that could not be read, by control.',
      thresholds: steps(COLOURS.unknown),
      noValue: 'Every control could be read.',
      links: [runbook('ConfinedPostureUnverified')],
      queries: [
        {
          expr: `sum by (control) (${ofHosts('instance_control:container_posture_unverified:sum')})`,
          legend: '{{control}}',
        },
      ],
    }),
  ];
}
