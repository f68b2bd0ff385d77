import type { Metric } from '../../../src/metrics/metric.js';
import { allProcesses } from '../../../src/model/confinement/all-processes.js';
import type { ProcessConfinement } from '../../../src/model/confinement/process.js';
import type { ConfinementSample } from '../../../src/model/confinement/sample.js';
import { DOCKER_MASK } from '../../model/confinement/support.js';
import type { Exposition } from '../../support/exposition.js';
import { expose } from '../support.js';

/** A container of which nothing is known but what a test says; the first process comes first. */
export function confinementOf(
  processes: readonly ProcessConfinement[],
  of: Partial<ConfinementSample> = {},
): ConfinementSample {
  return {
    init: processes[0],
    all: allProcesses(processes[0], processes, processes.length > 0),
    namespaces: [],
    mounts: undefined,
    privileged: { configured: undefined, kernel: undefined },
    drift: {},
    unverified: new Map(),
    changes: new Map(),
    capabilityBaseline: DOCKER_MASK,
    ...of,
  };
}

export function exposeConfinement(metrics: readonly Metric[], confinement: ConfinementSample): Exposition {
  return expose(metrics, { confinement });
}
