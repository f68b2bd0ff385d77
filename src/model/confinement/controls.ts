/** What confines a container, each part of it judged, verified and watched apart from the others. */
export const CONTROLS = [
  'seccomp',
  'capabilities',
  'no_new_privileges',
  'apparmor',
  'selinux',
  'user',
  'namespaces',
  'root_directory',
  'readonly_rootfs',
  'masked_paths',
  'sensitive_mounts',
  'privileged',
  'memory_limit',
  'cpu_limit',
  'pids_limit',
] as const;
export type Control = (typeof CONTROLS)[number];

/** Controls that could not be read, each with why, in words for a log. */
export type Unverified = ReadonlyMap<Control, string>;
