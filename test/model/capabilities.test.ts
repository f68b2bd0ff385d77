import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import t from 'tap';
import {
  ALL_CAPABILITIES,
  capabilitiesBeyond,
  capabilityBit,
  capabilityCount,
  capabilityNames,
  DOCKER_DEFAULT_CAPABILITIES,
} from '../../src/model/capabilities.js';

/** As `capsh --decode` of libcap 2.66 says it, in the order of the bits. */
const KERNEL_NAMES =
  'CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE';

t.test('the names of linux/capability.h', async t => {
  t.equal(capabilityNames(0x1ffffffffffn).join(' '), KERNEL_NAMES);
  t.strictSame(capabilityNames(0n), []);
});

const withoutCapsh = spawnSync('capsh', ['--decode=1']).error !== undefined && 'capsh is not installed';
t.test('every single bit has the name that libcap gives it', { skip: withoutCapsh }, async t => {
  const lines: string[] = [];
  for (let bit = 0n; bit < 64n; bit += 1n) {
    const { stdout } = spawnSync('capsh', [`--decode=${(1n << bit).toString(16)}`], { encoding: 'utf8' });
    const name = stdout.trim().split('=')[1] ?? '';
    // libcap prints the number alone where it does not know the bit.
    lines.push(/^\d+$/.test(name) ? `CAP_${name}` : name.toUpperCase());
  }
  t.strictSame(capabilityNames(2n ** 64n - 1n), lines);
});

t.test('bits of kernels to come keep their number', async t => {
  t.strictSame(capabilityNames(1n << 41n), ['CAP_41']);
  t.strictSame(capabilityNames((1n << 63n) | 1n), ['CAP_CHOWN', 'CAP_63']);
});

t.test('what Docker gives by default', async t => {
  const given =
    'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE';
  t.strictSame(
    capabilityNames(DOCKER_DEFAULT_CAPABILITIES).toSorted(),
    given
      .split(' ')
      .map(name => `CAP_${name}`)
      .toSorted(),
  );
  t.equal(capabilityCount(DOCKER_DEFAULT_CAPABILITIES), 14);
});

t.test('what a mask has beyond a baseline', async t => {
  t.strictSame(capabilitiesBeyond(0xa82425fbn, DOCKER_DEFAULT_CAPABILITIES), ['CAP_SYS_ADMIN']);
  t.strictSame(capabilitiesBeyond(0xa80425fbn, DOCKER_DEFAULT_CAPABILITIES), []);
  t.strictSame(capabilitiesBeyond(0n, DOCKER_DEFAULT_CAPABILITIES), [], 'less is not more');
  t.equal(capabilitiesBeyond(0x1ffffffffffn, DOCKER_DEFAULT_CAPABILITIES).length, 41 - 14);
});

t.test('the mask of one capability', async t => {
  for (const [bit, name] of KERNEL_NAMES.split(' ').entries()) {
    t.equal(capabilityBit(name), 1n << BigInt(bit), name);
    t.equal(capabilityBit(name.slice('CAP_'.length).toLowerCase()), 1n << BigInt(bit));
  }
  t.equal(capabilityBit('CAP_41'), 0x200_0000_0000n);
  t.equal(capabilityBit('63'), 0x8000_0000_0000_0000n);
  for (const name of ['', 'CAP_', 'CAP_64', 'CAP_-1', 'SYS_ADMINISTRATION', 'ALL'])
    t.equal(capabilityBit(name), undefined, name);
  t.equal(ALL_CAPABILITIES, 0xffff_ffff_ffff_ffffn);
});

t.test('any mask can be had back from its names', async t => {
  const bitOf = new Map(KERNEL_NAMES.split(' ').map((name, bit) => [name, BigInt(bit)]));
  const mask = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(mask, held => {
        const names = capabilityNames(held);
        const back = names.reduce(
          (sum, name) => sum | (1n << (bitOf.get(name) ?? BigInt(name.replace('CAP_', '')))),
          0n,
        );
        return back === held && names.length === capabilityCount(held);
      }),
    ),
  );
});
