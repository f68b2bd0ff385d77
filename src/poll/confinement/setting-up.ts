/** The names that container runtimes give a process while they prepare it, before it runs what it was started for. */
const NAMES = /^(?:runc:\[|youki:|crun$)/u;

/**
 * Whether a process is still being prepared by a container runtime. Any process can take such a name, so that it may
 * excuse a process at the first look and never again.
 */
export function isSettingUp(name: string | undefined): boolean {
  return NAMES.test(name ?? '');
}
