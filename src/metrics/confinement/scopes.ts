import type { AllProcesses } from '../../model/confinement/all-processes.js';
import { CAPABILITY_SETS } from '../../model/confinement/process.js';
import type { CapabilityMasks, ProcessConfinement } from '../../model/confinement/process.js';
import type { ContainerSample } from '../../model/sample.js';

/** Emits one value of the first process and one of the worst case over all. */
export function eachScope<Value>(
  { confinement }: ContainerSample,
  init: (process: ProcessConfinement) => Value | undefined,
  any: (all: AllProcesses) => Value | undefined,
  use: (value: Value, scope: 'init' | 'any') => void,
): void {
  if (confinement === undefined) return;
  const first = confinement.init && init(confinement.init);
  if (first !== undefined) use(first, 'init');
  const worst = any(confinement.all);
  if (worst !== undefined) use(worst, 'any');
}

/** Every capability set that is known, of the first process and of all together. */
export function eachCapabilitySet(
  sample: ContainerSample,
  any: (all: AllProcesses) => CapabilityMasks,
  use: (set: string, mask: bigint, scope: 'init' | 'any') => void,
): void {
  eachScope(
    sample,
    process => process.capabilities,
    any,
    (masks, scope) => {
      for (const set of CAPABILITY_SETS) {
        const mask = masks[set];
        if (mask !== undefined) use(set, mask, scope);
      }
    },
  );
}
