/** The capabilities' names by number (include/uapi/linux/capability.h). */
const NAMES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP',
  'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER',
  'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE',
  'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP',
  'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF',
  'CHECKPOINT_RESTORE',
]; // prettier-ignore

/** What Docker gives a container by default: 14 capabilities (moby, daemon/pkg/oci/caps/defaults.go). */
export const DOCKER_DEFAULT_CAPABILITIES = 0xa80425fbn;

/** Every bit that a mask has room for. */
export const ALL_CAPABILITIES = (1n << 64n) - 1n;

/** The mask of one capability: `SYS_ADMIN`, `CAP_SYS_ADMIN`, or `CAP_41`; undefined where nothing is called that. */
export function capabilityBit(name: string): bigint | undefined {
  const plain = name.toUpperCase().replace(/^CAP_/, '');
  const known = NAMES.indexOf(plain);
  const bit = known < 0 && /^\d{1,2}$/.test(plain) ? Number(plain) : known;
  return bit < 0 || bit > 63 ? undefined : 1n << BigInt(bit);
}

/** The names in a mask in the order of their bits; a bit that this table does not know is `CAP_<number>`. */
export function capabilityNames(mask: bigint): readonly string[] {
  const names = [];
  for (let bit = 0, rest = mask; rest !== 0n; bit += 1, rest >>= 1n)
    if ((rest & 1n) === 1n) names.push(`CAP_${NAMES[bit] ?? bit}`);
  return names;
}

/** How many capabilities a mask holds. */
export function capabilityCount(mask: bigint): number {
  let count = 0;
  // Number operators see 32 bits, but are far faster than those of bigints.
  for (let rest = mask; rest !== 0n; rest >>= 32n)
    for (let bits = Number(rest & 0xffff_ffffn) | 0; bits !== 0; bits &= bits - 1) count += 1;
  return count;
}

/** The capabilities of a mask that the baseline does not have. */
export function capabilitiesBeyond(mask: bigint, baseline: bigint): readonly string[] {
  return capabilityNames(mask & ~baseline);
}
