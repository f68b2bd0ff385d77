import { DRIFT_CONTROLS } from '../../model/confinement/drift.js';
import { flag, labelled, metrics } from '../metric.js';

/** What confines a container as a whole: its namespaces, its mounts, and what is made of all that. */
export const CONTAINER_CONFINEMENT_METRICS = metrics('confinement', [
  labelled({
    name: 'container_namespace_inode',
    type: 'gauge',
    help: "The inode number of each namespace of the container's first process.",
    source: '/proc/<pid>/ns',
    labels: ['namespace'],
    series: ({ confinement }, emit) => {
      for (const { kind, inode } of confinement?.namespaces ?? []) emit(inode, kind);
    },
  }),
  labelled({
    name: 'container_namespace_host_shared',
    type: 'gauge',
    help: "Whether a process of the container is in the host's namespace.",
    source: '/proc/<pid>/ns, /proc/1/ns',
    labels: ['namespace'],
    series: ({ confinement }, emit) => {
      for (const { kind, hostShared } of confinement?.namespaces ?? []) emit(flag(hostShared), kind);
    },
  }),
  labelled({
    name: 'container_namespace_peers',
    type: 'gauge',
    help: "How many other containers are in the same namespace; absent in the host's.",
    source: '/proc/<pid>/ns',
    labels: ['namespace'],
    series: ({ confinement }, emit) => {
      for (const { kind, peers } of confinement?.namespaces ?? []) emit(peers, kind);
    },
  }),
  labelled({
    name: 'container_namespace_foreign_processes',
    type: 'gauge',
    help: "Processes inside the container's namespace that belong neither to it nor to a container that shares it.",
    source: '/proc/<pid>/ns of every process of the host',
    labels: ['namespace'],
    series: ({ confinement }, emit) => {
      for (const { kind, foreignProcesses } of confinement?.namespaces ?? []) emit(foreignProcesses, kind);
    },
  }),
  {
    name: 'container_rootfs_readonly',
    type: 'gauge',
    help: 'Whether the root file system is mounted read-only.',
    source: '/proc/<pid>/mountinfo',
    value: ({ confinement }) => flag(confinement?.mounts?.rootReadonly),
  },
  {
    name: 'container_masked_paths_missing',
    type: 'gauge',
    help: 'How many paths of /proc and /sys that the runtime hides or makes read-only are open to the container.',
    source: '/proc/<pid>/mountinfo',
    value: ({ confinement }) => confinement?.mounts?.unprotectedPaths,
  },
  labelled({
    name: 'container_sensitive_mount',
    type: 'gauge',
    help: 'A mount that shows a sensitive part of the host.',
    source: '/proc/<pid>/mountinfo, /proc/1/mountinfo',
    labels: ['class', 'readonly'],
    series: ({ confinement }, emit) => {
      for (const mount of confinement?.mounts?.sensitive ?? []) emit(1, mount.class, String(mount.readonly));
    },
  }),
  labelled({
    name: 'container_privileged',
    type: 'gauge',
    help: 'Whether the container was configured as privileged, and whether the kernel lets one of its processes be so.',
    source:
      'HostConfig.Privileged; /proc/<pid>/status CapBnd and Seccomp, /proc/<pid>/attr, /proc/1/status CapBnd',
    labels: ['view'],
    series: ({ confinement }, emit) => {
      emit(flag(confinement?.privileged.configured), 'configured');
      emit(flag(confinement?.privileged.kernel), 'kernel');
    },
  }),
  labelled({
    name: 'container_posture_drift',
    type: 'gauge',
    help: 'Whether the kernel confines the container less than it was configured to be.',
    source: 'the kernel files of the control, compared with docker inspect',
    labels: ['control'],
    series: ({ confinement }, emit) => {
      for (const control of DRIFT_CONTROLS) emit(flag(confinement?.drift[control]), control);
    },
  }),
  labelled({
    name: 'container_posture_unverified',
    type: 'gauge',
    help: 'A control that could not be read, of the container or of some process of it: it may be weaker than what is shown.',
    source: 'any file of the control that cannot be read',
    labels: ['control'],
    series: ({ confinement }, emit) => {
      for (const control of confinement?.unverified.keys() ?? []) emit(1, control);
    },
  }),
  labelled({
    name: 'container_posture_changes_total',
    type: 'counter',
    help: 'How often a control was seen to change, over restarts of the container.',
    source: 'the kernel files of the control, compared with the last look',
    labels: ['control'],
    series: ({ confinement }, emit) => {
      for (const [control, { count }] of confinement?.changes ?? []) emit(count, control);
    },
  }),
  labelled({
    name: 'container_posture_last_change_timestamp_seconds',
    type: 'gauge',
    help: 'When a control was last seen to change, in unix time; absent before the first change.',
    source: 'the kernel files of the control, compared with the last look',
    labels: ['control'],
    series: ({ confinement }, emit) => {
      for (const [control, { lastSeconds }] of confinement?.changes ?? []) emit(lastSeconds, control);
    },
  }),
]);
