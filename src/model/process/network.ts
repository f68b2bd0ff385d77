import { parseNetDev } from '../../parse/net-dev.js';
import type { NetworkSample } from '../sample.js';
import { section } from '../section.js';

/** Counters of the interfaces in the first process's network namespace (`/proc/<pid>/net/dev`), loopback left out as in cAdvisor. */
export const network = section(
  { devices: { directory: 'process', file: 'net/dev', tier: 'poll', parse: parseNetDev } },
  ({ devices }): NetworkSample | undefined =>
    devices && { interfaces: devices.filter(device => device.interface !== 'lo') },
);
