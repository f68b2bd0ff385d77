import { capabilitiesBeyond, capabilityCount, DOCKER_DEFAULT_CAPABILITIES } from '../model/capabilities.js';
import { CAPABILITY_SETS } from '../model/sample.js';
import type { ContainerSample, ProcessConfinement } from '../model/sample.js';
import { flag, labelled, metrics } from './metric.js';

/** How the kernel confines a container; `scope="init"` is its first process. */
export const CONFINEMENT_METRICS = metrics('confinement', [
  labelled({
    name: 'container_seccomp_mode',
    type: 'gauge',
    help: 'How seccomp filters system calls: 0 disabled, 1 strict, 2 by filters.',
    source: '/proc/<pid>/status Seccomp',
    labels: ['scope'],
    series: (sample, emit) => emit(initOf(sample)?.seccompMode, 'init'),
  }),
  labelled({
    name: 'container_seccomp_filters',
    type: 'gauge',
    help: 'How many seccomp filters are attached.',
    source: '/proc/<pid>/status Seccomp_filters',
    labels: ['scope'],
    series: (sample, emit) => emit(initOf(sample)?.seccompFilters, 'init'),
  }),
  labelled({
    name: 'container_capabilities',
    type: 'gauge',
    help: 'How many capabilities the set holds.',
    source: '/proc/<pid>/status CapInh, CapPrm, CapEff, CapBnd, CapAmb',
    labels: ['set', 'scope'],
    series: (sample, emit) => eachSet(sample, (set, mask) => emit(capabilityCount(mask), set, 'init')),
  }),
  labelled({
    name: 'container_capabilities_mask',
    type: 'gauge',
    help: 'The capability set as a number, one bit for each capability.',
    source: '/proc/<pid>/status CapInh, CapPrm, CapEff, CapBnd, CapAmb',
    labels: ['set', 'scope'],
    series: (sample, emit) => eachSet(sample, (set, mask) => emit(Number(mask), set, 'init')),
  }),
  labelled({
    name: 'container_capability_extra',
    type: 'gauge',
    help: 'A capability in the set beyond the 14 that Docker gives by default.',
    source: '/proc/<pid>/status CapInh, CapPrm, CapEff, CapBnd, CapAmb',
    labels: ['set', 'capability', 'scope'],
    series: (sample, emit) =>
      eachSet(sample, (set, mask) => {
        for (const name of capabilitiesBeyond(mask, DOCKER_DEFAULT_CAPABILITIES)) emit(1, set, name, 'init');
      }),
  }),
  labelled({
    name: 'container_apparmor_confined',
    type: 'gauge',
    help: 'Whether an AppArmor profile is enforced; absent where the host has no AppArmor.',
    source: '/proc/<pid>/attr/apparmor/current, else attr/current',
    labels: ['scope'],
    series: (sample, emit) => emit(flag(initOf(sample)?.apparmor?.confined), 'init'),
  }),
  labelled({
    name: 'container_apparmor_profile_info',
    type: 'info',
    help: 'The AppArmor profile of the container and its mode.',
    source: '/proc/<pid>/attr/apparmor/current, else attr/current',
    labels: ['profile', 'mode'],
    series: (sample, emit) => {
      const apparmor = initOf(sample)?.apparmor;
      if (apparmor !== undefined) emit(1, apparmor.profile, apparmor.mode);
    },
  }),
  labelled({
    name: 'container_selinux_info',
    type: 'info',
    help: 'The SELinux context of the container.',
    source: '/proc/<pid>/attr/current',
    labels: ['user', 'role', 'type', 'level'],
    series: (sample, emit) => {
      const selinux = initOf(sample)?.selinux;
      if (selinux !== undefined) emit(1, selinux.user, selinux.role, selinux.type, selinux.level ?? '');
    },
  }),
  labelled({
    name: 'container_no_new_privileges',
    type: 'gauge',
    help: 'Whether programs with setuid bits or file capabilities can not raise privileges.',
    source: '/proc/<pid>/status NoNewPrivs',
    labels: ['scope'],
    series: (sample, emit) => emit(flag(initOf(sample)?.noNewPrivileges), 'init'),
  }),
]);

function initOf(sample: ContainerSample): ProcessConfinement | undefined {
  return sample.confinement?.processes[0];
}

function eachSet(sample: ContainerSample, use: (set: string, mask: bigint) => void): void {
  const capabilities = initOf(sample)?.capabilities;
  for (const set of CAPABILITY_SETS) {
    const mask = capabilities?.[set];
    if (mask !== undefined) use(set, mask);
  }
}
