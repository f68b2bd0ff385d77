import { BLKIO_METRICS } from './blkio.js';
import { CAPABILITY_METRICS } from './confinement/capabilities.js';
import { CONTAINER_CONFINEMENT_METRICS } from './confinement/container.js';
import { PROCESS_CONFINEMENT_METRICS } from './confinement/processes.js';
import { CPU_METRICS } from './cpu.js';
import { DISK_METRICS } from './disk.js';
import { IDENTITY_METRICS } from './identity.js';
import { MEMORY_METRICS } from './memory.js';
import type { Metric } from './metric.js';
import { NETWORK_METRICS } from './network.js';
import { PRESSURE_METRICS } from './pressure.js';
import { PROCESS_METRICS } from './processes.js';

/** Every metric of containers, in the order of exposition: the one list of them. */
export const CONTAINER_METRICS: readonly Metric[] = [
  ...IDENTITY_METRICS,
  ...CPU_METRICS,
  ...MEMORY_METRICS,
  ...PRESSURE_METRICS,
  ...BLKIO_METRICS,
  ...NETWORK_METRICS,
  ...PROCESS_METRICS,
  ...DISK_METRICS,
  ...PROCESS_CONFINEMENT_METRICS,
  ...CAPABILITY_METRICS,
  ...CONTAINER_CONFINEMENT_METRICS,
];
