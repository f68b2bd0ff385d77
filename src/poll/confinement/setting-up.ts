/** The names that container runtimes give a process while they prepare it, before it runs what it was started for. */
const NAMES = /^(?:runc:\[|youki:|crun$)/u;
/** On a machine that does much else the preparation takes seconds. */
const LONGEST_SECONDS = 10;

/**
 * Whether a process that was first seen so long ago is still being prepared by a container runtime. Any process can take
 * such a name, so that it excuses nobody for longer than a preparation takes.
 */
export function isSettingUp(name: string | undefined, seenForSeconds: number): boolean {
  return seenForSeconds < LONGEST_SECONDS && NAMES.test(name ?? '');
}
