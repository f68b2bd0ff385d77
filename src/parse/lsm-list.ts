import { malformed, text } from './scan.js';

/**
 * The Linux security modules in force, in the order in which they are asked, /sys/kernel/security/lsm:
 *
 *     lockdown,capability,landlock,yama,apparmor,bpf
 *
 * Format: Documentation/admin-guide/LSM/index.rst. There is no final newline.
 *
 * @throws {ParseError} where something else than names and commas stands there.
 */
export function parseLsmList(bytes: Uint8Array, length: number): string[] {
  const names = text(bytes, 0, length).replace(/\n$/u, '').split(',');
  if (!names.every(name => /^\w+$/u.test(name))) throw malformed('names and commas', bytes, length, 0);
  return names;
}
