import { decimal, malformedText } from './scan.js';

/** One namespace: two processes are in the same one where kind and inode are equal. */
export interface NamespaceLink {
  /** `mnt`, `pid`, `net`, `ipc`, `uts`, `user`, `cgroup`, `time`, or what a newer kernel has. */
  readonly kind: string;
  readonly inode: number;
}

/**
 * What a link in /proc/<pid>/ns points to:
 *
 *     net:[4026531992]
 *
 * `pid_for_children` and `time_for_children` point to a `pid` and a `time` namespace.
 * Format: namespaces(7).
 *
 * @throws {ParseError} where it is anything else.
 */
export function parseNamespaceLink(link: string): NamespaceLink {
  const [, kind, digits] = /^(\w+):\[(\d+)\]$/u.exec(link) ?? [];
  const inode = decimal(digits);
  if (kind === undefined || inode === undefined) throw malformedText('kind:[inode]', link);
  return { kind, inode };
}
