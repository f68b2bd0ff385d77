import { malformedText } from './scan.js';

/** An SELinux security context. */
export interface SelinuxLabel {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  /** Sensitivity and categories, such as `s0:c1,c2`; undefined where the policy has no levels. */
  readonly level: string | undefined;
}

const CONTEXT = /^([^\s:]+):([^\s:]+):([^\s:]+)(?::(\S+))?$/u;

/**
 * /proc/<pid>/attr/current where SELinux answers:
 *
 *     system_u:system_r:container_t:s0:c1,c2
 *
 * Format: selinux(8), security/selinux/ss/mls.c. A final NUL or newline may follow.
 *
 * @throws {ParseError} where it is no context, such as the label of another security module.
 */
export function parseSelinuxContext(context: string): SelinuxLabel {
  const content = withoutEnd(context);
  const [, user, role, type, level] = CONTEXT.exec(content) ?? [];
  if (user === undefined || role === undefined || type === undefined) {
    throw malformedText('user:role:type or user:role:type:level', content);
  }
  return { user, role, type, level };
}

/** Whether this can be a context: `attr/current` belongs to the first security module that has labels. */
export function looksLikeSelinuxContext(label: string): boolean {
  return CONTEXT.test(withoutEnd(label));
}

function withoutEnd(context: string): string {
  return context.replace(/[\n\0]+$/u, '');
}
