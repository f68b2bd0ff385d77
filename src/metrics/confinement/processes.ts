import { flag, labelled, metrics } from '../metric.js';
import { eachScope } from './scopes.js';

const SECCOMP_MODES = ['disabled', 'strict', 'filter'] as const;

/** What confines a container's processes, but for capabilities. "init" is its first process, "any" the worst case of all. */
export const PROCESS_CONFINEMENT_METRICS = metrics('confinement', [
  labelled({
    name: 'container_seccomp_mode',
    type: 'gauge',
    help: 'How seccomp filters system calls: 0 disabled, 1 strict, 2 by filters; any is the smallest.',
    source: '/proc/<pid>/status Seccomp',
    labels: ['scope'],
    series: (sample, emit) =>
      eachScope(
        sample,
        init => init.seccompMode,
        all => all.seccompMode,
        emit,
      ),
  }),
  labelled({
    name: 'container_seccomp_filters',
    type: 'gauge',
    help: 'How many seccomp filters are attached; any is the smallest.',
    source: '/proc/<pid>/status Seccomp_filters',
    labels: ['scope'],
    series: (sample, emit) =>
      eachScope(
        sample,
        init => init.seccompFilters,
        all => all.seccompFilters,
        emit,
      ),
  }),
  labelled({
    name: 'container_seccomp_processes',
    type: 'gauge',
    help: 'How many processes are in each seccomp mode.',
    source: '/proc/<pid>/status Seccomp',
    labels: ['mode'],
    series: ({ confinement }, emit) => {
      const counts = confinement?.all.seccompModes;
      for (const [index, mode] of SECCOMP_MODES.entries()) emit(counts?.[index], mode);
    },
  }),
  labelled({
    name: 'container_apparmor_confined',
    type: 'gauge',
    help: 'Whether an AppArmor profile is enforced; absent where the host has no AppArmor.',
    source: '/proc/<pid>/attr/apparmor/current, else attr/current',
    labels: ['scope'],
    series: (sample, emit) =>
      eachScope(
        sample,
        init => flag(init.label.apparmor?.confined),
        all => flag(all.apparmorConfined),
        emit,
      ),
  }),
  labelled({
    name: 'container_apparmor_profile_info',
    type: 'info',
    help: 'Each AppArmor profile among the processes of the container, with its mode.',
    source: '/proc/<pid>/attr/apparmor/current, else attr/current',
    labels: ['profile', 'mode'],
    series: ({ confinement }, emit) => {
      for (const { profile, mode } of confinement?.all.apparmorProfiles ?? []) emit(1, profile, mode);
    },
  }),
  labelled({
    name: 'container_selinux_confined',
    type: 'gauge',
    help: 'Whether SELinux is enforced and the type confines, which spc_t and unconfined_t do not; absent where the host has no SELinux.',
    source: '/proc/<pid>/attr/current, /sys/fs/selinux/enforce',
    labels: ['scope'],
    series: (sample, emit) =>
      eachScope(
        sample,
        init => flag(init.label.selinux?.confined),
        all => flag(all.selinuxConfined),
        emit,
      ),
  }),
  labelled({
    name: 'container_selinux_info',
    type: 'info',
    help: 'Each SELinux context among the processes of the container.',
    source: '/proc/<pid>/attr/current',
    labels: ['user', 'role', 'type', 'level'],
    series: ({ confinement }, emit) => {
      for (const { user, role, type, level } of confinement?.all.selinuxContexts ?? [])
        emit(1, user, role, type, level ?? '');
    },
  }),
  labelled({
    name: 'container_no_new_privileges',
    type: 'gauge',
    help: 'Whether programs with setuid bits or file capabilities can not raise privileges; any is the smallest.',
    source: '/proc/<pid>/status NoNewPrivs',
    labels: ['scope'],
    series: (sample, emit) =>
      eachScope(
        sample,
        init => flag(init.noNewPrivileges),
        all => flag(all.noNewPrivileges),
        emit,
      ),
  }),
  labelled({
    name: 'container_uid',
    type: 'gauge',
    help: 'Effective user id, in the user namespace of the process and on the host; any is the smallest.',
    source: '/proc/<pid>/status Uid, /proc/<pid>/uid_map',
    labels: ['scope', 'view'],
    series: (sample, emit) => {
      eachScope(
        sample,
        init => init.user.containerUid,
        all => all.containerUid,
        (uid, scope) => emit(uid, scope, 'container'),
      );
      eachScope(
        sample,
        init => init.user.hostUid,
        all => all.hostUid,
        (uid, scope) => emit(uid, scope, 'host'),
      );
    },
  }),
  labelled({
    name: 'container_root_processes',
    type: 'gauge',
    help: 'How many processes have effective user id 0, in their user namespace and on the host.',
    source: '/proc/<pid>/status Uid, /proc/<pid>/uid_map',
    labels: ['view'],
    series: ({ confinement }, emit) => {
      emit(confinement?.all.containerRoots, 'container');
      emit(confinement?.all.hostRoots, 'host');
    },
  }),
  {
    name: 'container_user_namespace_remapped',
    type: 'gauge',
    help: 'Whether user ids of the container are others on the host.',
    source: '/proc/<pid>/uid_map',
    value: ({ confinement }) => flag(confinement?.init?.user.remapped),
  },
  {
    name: 'container_chrooted_processes',
    type: 'gauge',
    help: "How many processes have another root directory than the container's first process.",
    source: '/proc/<pid>/root',
    value: ({ confinement }) => confinement?.all.chrooted,
  },
]);
