import type { Recording } from './recording.js';

const FILES = [
  'etc/os-release',
  'proc/cgroups',
  'proc/cpuinfo',
  'proc/diskstats',
  'proc/filesystems',
  'proc/loadavg',
  'proc/meminfo',
  'proc/partitions',
  'proc/pressure/cpu',
  'proc/pressure/io',
  'proc/pressure/memory',
  'proc/stat',
  'proc/swaps',
  'proc/sys/kernel/apparmor_restrict_unprivileged_userns',
  'proc/sys/kernel/cap_last_cap',
  'proc/sys/kernel/osrelease',
  'proc/sys/kernel/pid_max',
  'proc/sys/kernel/random/boot_id',
  'proc/sys/kernel/seccomp/actions_avail',
  'proc/sys/kernel/threads-max',
  'proc/uptime',
  'proc/version',
  'sys/fs/selinux/enforce',
  'sys/kernel/security/apparmor/profiles',
  'sys/kernel/security/lsm',
  'sys/module/apparmor/parameters/enabled',
  'sys/module/apparmor/parameters/mode',
];

/** What container runtimes hide or make read-only, where the kernel has it (moby, oci/defaults.go). */
const SYSTEM_PATHS = [
  'proc/acpi',
  'proc/asound',
  'proc/bus',
  'proc/fs',
  'proc/interrupts',
  'proc/irq',
  'proc/kcore',
  'proc/keys',
  'proc/latency_stats',
  'proc/sched_debug',
  'proc/scsi',
  'proc/sys',
  'proc/sysrq-trigger',
  'proc/timer_list',
  'proc/timer_stats',
  'sys/devices/virtual/powercap',
  'sys/firmware',
];

const INIT_FILES = [
  'attr/apparmor/current',
  'attr/current',
  'cgroup',
  'comm',
  'gid_map',
  'limits',
  'mountinfo',
  'net/dev',
  'stat',
  'status',
  'uid_map',
];

/** What is true of the host as a whole: kernel, memory, block devices, security modules, the first process. */
export function recordHostFiles(recording: Recording): void {
  for (const path of FILES) recording.file(path);
  for (const path of SYSTEM_PATHS) recording.presence(path);
  for (const name of INIT_FILES) recording.file(`proc/1/${name}`);
  for (const name of recording.list('proc/1/ns')) recording.symlink(`proc/1/ns/${name}`);
  recording.symlink('proc/1/root');
  for (const device of recording.list('sys/dev/block')) recording.symlink(`sys/dev/block/${device}`);
}
