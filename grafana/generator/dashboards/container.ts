import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { containerEvents } from '../events.js';
import { dashboard } from '../frame.js';
import { UIDS } from '../links.js';
import { ofContainer } from '../selectors.js';
import { containerVariables } from '../variables.js';
import { confinement } from './container-confinement.js';
import { identity } from './container-identity.js';
import { cpuAndMemory, networkAndDisks, processes } from './container-resources.js';

/** Everything about one container. */
export function container(): Dashboard {
  return dashboard({
    uid: UIDS.container,
    title: 'Container',
    description: 'Everything about one container: its life, what it uses, and what confines it.',
    variables: containerVariables(),
    events: containerEvents(ofContainer),
    rows: [
      { title: 'Which it is', panels: identity() },
      ...confinement(),
      { title: 'CPU and memory', panels: cpuAndMemory() },
      { title: 'Network and disks', panels: networkAndDisks() },
      { title: 'Processes', panels: processes() },
    ],
  });
}
