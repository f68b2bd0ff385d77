import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { readHostConfinement } from '../../../src/poll/confinement/host-confinement.js';
import type { HostConfinement } from '../../../src/poll/confinement/host-confinement.js';
import { KernelFiles } from '../../../src/read/kernel-file.js';
import { asNobody } from '../../read/as-nobody.js';
import { freshDirectory } from '../../serve/support.js';
import { HOST_NAMESPACES, inAll, writeProcess } from './support.js';
import type { FakeProcess } from './support.js';

interface FakeHost {
  readonly first?: FakeProcess;
  readonly second?: FakeProcess;
  readonly self?: FakeProcess;
  /** Below the host's root directory. */
  readonly files?: Readonly<Record<string, string>>;
}

const KERNEL_FILES = {
  'proc/sys/kernel/osrelease': '6.18.0-0-amd64\n',
  'proc/sys/kernel/cap_last_cap': '40\n',
  'sys/kernel/security/lsm': 'lockdown,capability,yama,apparmor',
};

function makeHost(t: Test, { first, second, self, files = KERNEL_FILES }: FakeHost): string {
  const rootfs = freshDirectory(t);
  chmodSync(rootfs, 0o755);
  const procfs = join(rootfs, 'proc');
  mkdirSync(procfs);
  if (first !== undefined) writeProcess(procfs, 1, { namespaces: HOST_NAMESPACES, ...first });
  if (second !== undefined) writeProcess(procfs, 2, { namespaces: HOST_NAMESPACES, ...second });
  if (self !== undefined) {
    writeProcess(procfs, 77, self);
    symlinkSync('77', join(procfs, 'self'));
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(rootfs, path)), { recursive: true });
    writeFileSync(join(rootfs, path), content);
  }
  return rootfs;
}

const read = (rootfs: string): HostConfinement =>
  readHostConfinement({ procfs: join(rootfs, 'proc'), rootfs }, new KernelFiles(0));

t.test('a host with AppArmor', async t => {
  const rootfs = makeHost(t, {
    first: {
      bounding: '000001fffeffffff',
      files: { 'attr/apparmor/current': 'unconfined\n', 'attr/current': 'unconfined\n' },
    },
    self: { namespaces: inAll(1, { mnt: 9 }) },
  });
  t.strictSame(read(rootfs), {
    boundingCapabilities: 0x1fffeffffffn,
    namespaces: HOST_NAMESPACES,
    mayTrace: true,
    labels: [{ file: 'attr/apparmor/current', controls: ['apparmor'], selinuxEnforced: undefined }],
    kernelRelease: '6.18.0-0-amd64',
    securityModules: ['lockdown', 'capability', 'yama', 'apparmor'],
    hasSeccomp: true,
    lastCapability: 40,
  });
});

t.test('a host that tells nothing', async t => {
  t.strictSame(read(makeHost(t, { files: {} })), {
    boundingCapabilities: undefined,
    namespaces: {},
    mayTrace: false,
    labels: [],
    kernelRelease: undefined,
    securityModules: undefined,
    hasSeccomp: undefined,
    lastCapability: undefined,
  });
});

t.test('what is not understood is not known', async t => {
  const { lastCapability, securityModules, boundingCapabilities, hasSeccomp } = read(
    makeHost(t, {
      first: { status: 'CapBnd:\tnonsense\n' },
      files: { 'proc/sys/kernel/cap_last_cap': 'many\n', 'sys/kernel/security/lsm': '<html>' },
    }),
  );
  t.strictSame(
    [lastCapability, securityModules, boundingCapabilities, hasSeccomp],
    [undefined, undefined, undefined, undefined],
  );
});

t.test('a kernel without seccomp', async t => {
  const status = 'Name:\tinit\nCapBnd:\t0000003fffffffff\n';
  t.equal(read(makeHost(t, { first: { status } })).hasSeccomp, false);
});

const SELINUX_LABEL = 'system_u:system_r:init_t:s0\0';
const NO_LABEL = { 'attr/current': undefined };
/** What the first process's files hold, and in which of them labels are looked for. */
const LABELS: [what: string, files: Record<string, string | undefined>, labels: string[]][] = [
  ['no module', NO_LABEL, []],
  ['AppArmor in the file that modules share', { 'attr/current': 'unconfined\n' }, ['attr/current apparmor']],
  ['SELinux', { 'attr/current': SELINUX_LABEL }, ['attr/current selinux']],
  [
    'both',
    { 'attr/apparmor/current': 'unconfined\n', 'attr/current': SELINUX_LABEL },
    ['attr/apparmor/current apparmor', 'attr/current selinux'],
  ],
  ['a module that nobody knows', { 'attr/current': '_\n' }, ['attr/current apparmor,selinux']],
];
for (const [what, files, labels] of LABELS)
  t.test(`labels: ${what}`, async t => {
    const found = read(makeHost(t, { first: { files } })).labels;
    t.strictSame(
      found.map(({ file, controls }) => `${file} ${controls.join()}`),
      labels,
    );
  });

t.test('a label that may not be read may be any module’s', async t => {
  const rootfs = makeHost(t, { first: {} });
  const file = join(rootfs, 'proc/1/attr/current');
  chmodSync(file, 0o000);
  asNobody(() => t.strictSame(read(rootfs).labels[0]?.controls, ['apparmor', 'selinux']));
});

t.test('whether SELinux is enforced', async t => {
  const enforced = (files: Record<string, string>): unknown =>
    read(makeHost(t, { first: { files: { 'attr/current': SELINUX_LABEL } }, files })).labels[0]
      ?.selinuxEnforced;
  t.equal(enforced({ 'sys/fs/selinux/enforce': '1' }), true);
  t.equal(enforced({ 'sys/fs/selinux/enforce': '0' }), false);
  t.equal(enforced({}), undefined);
});

/** PF_KTHREAD is 0x00200000: as Linux 6.18 shows kthreadd, and a shell. */
const KTHREADD =
  '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 18446744073709551615 0 0 0\n';
const SHELL = '2 (kthreadd) S 1 2 2 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 18446744073709551615 0 0 0\n';

t.test('where the first process lets nobody look, the kernel’s own second one tells', async t => {
  const hidden = { namespaces: {} };
  const kernels = read(makeHost(t, { first: hidden, second: { files: { stat: KTHREADD } } }));
  t.strictSame(kernels.namespaces, HOST_NAMESPACES);
  t.equal(kernels.mayTrace, true);
  const anybodys = read(makeHost(t, { first: hidden, second: { files: { stat: SHELL } } }));
  t.strictSame(anybodys.namespaces, {}, 'in another pid namespace it is anybody’s');
  t.equal(anybodys.mayTrace, false);
  t.strictSame(read(makeHost(t, { first: hidden, second: {} })).namespaces, {}, 'no stat');
  t.strictSame(
    read(makeHost(t, { first: hidden, second: { ...hidden, files: { stat: KTHREADD } } })).namespaces,
    {},
  );
});

t.test('from another pid namespace the host’s processes are not to be seen', async t => {
  const inside = read(makeHost(t, { first: {}, self: { namespaces: inAll(1, { pid: 9 }) } }));
  t.equal(inside.mayTrace, false);
  const rootfs = makeHost(t, { first: {}, self: { namespaces: inAll(1) } });
  t.equal(read(rootfs).mayTrace, true);
  rmSync(join(rootfs, 'proc/self'));
  t.equal(read(rootfs).mayTrace, true);
});
