import { malformedText } from './scan.js';

/** What AppArmor says of a process. */
export interface AppArmorLabel {
  /** The whole label as the kernel prints it, without the mode. */
  readonly profile: string;
  /**
   * `enforce`, `complain`, `kill`, `unconfined`, `user`, `prompt`, or a word of a newer kernel; `mixed` where
   * the members of a stack differ; `-` where none of them is visible. A profile in mode `unconfined` does not confine,
   * whatever its name. Undefined where no profile is in force: every member is a namespace's own `unconfined`.
   */
  readonly mode: string | undefined;
  /** The stacked profiles, all of which apply; a single one where nothing is stacked. */
  readonly members: readonly AppArmorMember[];
}

/** One profile of a label. */
export interface AppArmorMember {
  /** The policy namespace, relative to the reader's own; undefined where the kernel prints none. */
  readonly namespace: string | undefined;
  /** With its hats and children: `parent//hat`. */
  readonly name: string;
}

/** A namespace's own profile that confines nothing, and a profile that the reader may not see. */
const MODELESS: ReadonlySet<string> = new Set(['unconfined', '---']);

/**
 * /proc/<pid>/attr/apparmor/current, and /proc/<pid>/attr/current where AppArmor answers there:
 *
 *     docker-default (enforce)
 *     unconfined
 *     docker-default//&:ns1:unconfined (enforce)
 *
 * Format: security/apparmor/label.c and procattr.c. A final newline or NUL may follow.
 *
 * @throws {ParseError} where it is no AppArmor label, such as the context of another security module.
 */
export function parseAppArmorLabel(label: string): AppArmorLabel {
  const content = label.replace(/[\n\0]+$/u, '');
  const { profile, mode } = splitMode(content);
  const members = profile.split('//&').map(parseMember);
  const modeless = members.every(({ name }) => MODELESS.has(name));
  if (members.some(({ name }) => name === '') || (mode === undefined && !modeless)) {
    throw malformedText('an AppArmor profile with a mode, or unconfined', content);
  }
  return { profile, mode, members };
}

/** A profile's name may hold spaces and parentheses itself, so that the mode is what stands last. */
function splitMode(content: string): { profile: string; mode: string | undefined } {
  const start = content.lastIndexOf(' (');
  const mode = content.slice(start + 2, -1);
  if (start < 0 || !content.endsWith(')') || !/^(?:[a-z_-]+)$/u.test(mode))
    return { profile: content, mode: undefined };
  return { profile: content.slice(0, start), mode };
}

function parseMember(member: string): AppArmorMember {
  const end = member.startsWith(':') ? member.indexOf(':', 1) : -1;
  if (end < 0) return { namespace: undefined, name: member };
  return { namespace: member.slice(1, end), name: member.slice(end + 1).replace(/^\/\//u, '') };
}
