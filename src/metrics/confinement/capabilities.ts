import { capabilitiesBeyond, capabilityCount } from '../../model/capabilities.js';
import { labelled, metrics } from '../metric.js';
import { eachCapabilitySet } from './scopes.js';

const SOURCE = '/proc/<pid>/status CapInh, CapPrm, CapEff, CapBnd, CapAmb';

/** Which capabilities a container holds. "init" is its first process, "any" all processes together. */
export const CAPABILITY_METRICS = metrics('confinement', [
  labelled({
    name: 'container_capabilities',
    type: 'gauge',
    help: 'How many capabilities the set holds; any counts those that some process has.',
    source: SOURCE,
    labels: ['set', 'scope'],
    series: (sample, emit) =>
      eachCapabilitySet(
        sample,
        all => all.capabilities,
        (set, mask, scope) => emit(capabilityCount(mask), set, scope),
      ),
  }),
  labelled({
    name: 'container_capabilities_mask',
    type: 'gauge',
    help: 'The capability set as a number, one bit for each capability; exact below 2^53.',
    source: SOURCE,
    labels: ['set', 'scope'],
    series: (sample, emit) =>
      eachCapabilitySet(
        sample,
        all => all.capabilities,
        (set, mask, scope) => emit(Number(mask), set, scope),
      ),
  }),
  labelled({
    name: 'container_capability_extra',
    type: 'gauge',
    help: 'A capability in the set beyond those of --confinement.capability-baseline.',
    source: SOURCE,
    labels: ['set', 'capability', 'scope'],
    series: (sample, emit) => {
      const baseline = sample.confinement?.capabilityBaseline ?? 0n;
      eachCapabilitySet(
        sample,
        all => all.seenCapabilities,
        (set, mask, scope) => {
          for (const name of capabilitiesBeyond(mask, baseline)) emit(1, set, name, scope);
        },
      );
    },
  }),
  labelled({
    name: 'container_capability_processes',
    type: 'gauge',
    help: 'How many processes hold a capability effectively beyond those of --confinement.capability-baseline.',
    source: '/proc/<pid>/status CapEff',
    labels: ['capability'],
    series: ({ confinement }, emit) => {
      if (confinement === undefined) return;
      const holders = new Map<string, number>();
      for (const [mask, count] of confinement.all.effectiveSets)
        for (const name of capabilitiesBeyond(mask, confinement.capabilityBaseline))
          holders.set(name, (holders.get(name) ?? 0) + count);
      for (const [name, count] of holders) emit(count, name);
    },
  }),
]);
