/** Controls that a container's processes tell of. */
export const PROCESS_CONTROLS = [
  'seccomp',
  'capabilities',
  'no_new_privileges',
  'apparmor',
  'selinux',
  'user',
  'namespaces',
  'root_directory',
  'privileged',
] as const;

/** Controls that the mounts of its first process tell of. */
export const MOUNT_CONTROLS = ['readonly_rootfs', 'masked_paths', 'sensitive_mounts'] as const;

/** Controls that its cgroup tells of. */
export const LIMIT_CONTROLS = ['memory_limit', 'cpu_limit', 'pids_limit'] as const;

/** What confines a container, each part of it judged, verified and watched apart from the others. */
export const CONTROLS = [...PROCESS_CONTROLS, ...MOUNT_CONTROLS, ...LIMIT_CONTROLS] as const;
export type Control = (typeof CONTROLS)[number];

/** Controls that could not be read, each with why, in words for a log. */
export type Unverified = ReadonlyMap<Control, string>;
