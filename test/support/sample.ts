import type { ContainerSample } from '../../src/model/sample.js';
import { container } from './container.js';

const NOTHING_READ: ContainerSample = {
  container: undefined,
  cgroupPath: '/',
  startedAtSeconds: undefined,
  sampledAtSeconds: undefined,
  cpu: undefined,
  memory: undefined,
  blkio: undefined,
  pressure: undefined,
  tasks: undefined,
  processes: undefined,
  network: undefined,
  processDetails: undefined,
  disk: undefined,
  confinement: undefined,
};

/** A container of which nothing could be read, but for what a test says. */
export function sample(of: Partial<ContainerSample> = {}): ContainerSample {
  const described = 'container' in of ? of.container : container();
  return {
    ...NOTHING_READ,
    cgroupPath: described === undefined ? '/' : `/docker/${described.id}`,
    ...of,
    container: described,
  };
}
