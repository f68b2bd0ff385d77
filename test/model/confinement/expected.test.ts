import t from 'tap';
import type { ContainerConfiguration } from '../../../src/discover/container.js';
import { expectedConfinement } from '../../../src/model/confinement/expected.js';
import type { ExpectedConfinement } from '../../../src/model/confinement/expected.js';

/** `SecurityOptions` of GET /info: Docker 20.10 and 25 with AppArmor, and older ones that gave names alone. */
const DOCKER = ['name=apparmor', 'name=seccomp,profile=default', 'name=cgroupns'];
const DOCKER_25 = ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'];
const OLD = ['apparmor', 'seccomp'];
const UNFILTERED = ['name=seccomp,profile=unconfined'];
const WITHOUT_SECCOMP = ['name=apparmor'];

t.test('what Docker does without being told anything', async t => {
  t.strictSame(expectedConfinement({ appArmorProfile: 'docker-default' }, DOCKER), {
    privileged: false,
    seccompFiltered: true,
    apparmorConfined: true,
    selinuxConfined: undefined,
    noNewPrivileges: false,
    capabilities: 0xa80425fbn,
    rootReadonly: false,
    unprivilegedUser: false,
  });
});

type Row<Value> = readonly [
  what: string,
  configuration: ContainerConfiguration,
  daemon: readonly string[] | undefined,
  expected: Value,
];
const options = (...securityOptions: string[]): ContainerConfiguration => ({ securityOptions });

const SECCOMP: Row<boolean | undefined>[] = [
  ['the daemon’s default profile', {}, DOCKER, true],
  ['as newer ones call it', {}, DOCKER_25, true],
  ['as older ones called it', {}, OLD, true],
  ['a daemon with --seccomp-profile unconfined', {}, UNFILTERED, false],
  ['a daemon on a kernel without seccomp', {}, WITHOUT_SECCOMP, false],
  ['a daemon that was not asked', {}, undefined, undefined],
  ['unconfined', options('seccomp=unconfined'), DOCKER, false],
  ['unconfined, as older clients wrote it', options('seccomp:unconfined'), DOCKER, false],
  ['unconfined, daemon not asked', options('seccomp=unconfined'), undefined, false],
  ['a profile of its own', options('seccomp=custom'), UNFILTERED, true],
  ['builtin', options('seccomp=builtin'), UNFILTERED, true],
  ['the last one counts', options('seccomp=unconfined', 'seccomp=custom'), DOCKER, true],
  ['privileged', { privileged: true }, DOCKER, false],
];
for (const [what, configuration, daemon, value] of SECCOMP)
  t.test(`seccomp: ${what}`, async t =>
    t.equal(expectedConfinement(configuration, daemon).seccompFiltered, value),
  );

const APPARMOR: Row<boolean | undefined>[] = [
  ['the profile that was loaded', { appArmorProfile: 'docker-default' }, DOCKER, true],
  ['a profile of its own', { appArmorProfile: 'my profile' }, DOCKER, true],
  ['a host without AppArmor', { appArmorProfile: '' }, DOCKER, undefined],
  ['nothing told', {}, DOCKER, undefined],
  ['unconfined', { appArmorProfile: 'unconfined' }, DOCKER, false],
  [
    'unconfined by option',
    { ...options('apparmor=unconfined'), appArmorProfile: 'docker-default' },
    DOCKER,
    false,
  ],
  ['a profile by option', options('apparmor=mine'), DOCKER, true],
  ['privileged', { privileged: true, appArmorProfile: 'docker-default' }, DOCKER, false],
];
for (const [what, configuration, daemon, value] of APPARMOR)
  t.test(`apparmor: ${what}`, async t =>
    t.equal(expectedConfinement(configuration, daemon).apparmorConfined, value),
  );

const SELINUX_DAEMON = ['name=seccomp,profile=default', 'name=selinux'];
const SELINUX: Row<boolean | undefined>[] = [
  ['a daemon that labels', {}, SELINUX_DAEMON, true],
  ['a daemon that does not', {}, DOCKER, undefined],
  ['a daemon that was not asked', {}, undefined, undefined],
  ['switched off', options('label=disable'), SELINUX_DAEMON, false],
  ['switched off, as older clients wrote it', options('label:disable'), SELINUX_DAEMON, false],
  ['another type', options('label=type:spc_t'), SELINUX_DAEMON, undefined],
  ['another level', options('label=level:s0:c100,c200'), SELINUX_DAEMON, true],
  ['privileged', { privileged: true }, SELINUX_DAEMON, false],
];
for (const [what, configuration, daemon, value] of SELINUX)
  t.test(`selinux: ${what}`, async t =>
    t.equal(expectedConfinement(configuration, daemon).selinuxConfined, value),
  );

const PRIVILEGES: Row<boolean>[] = [
  ['nothing told', {}, DOCKER, false],
  ['alone', options('no-new-privileges'), DOCKER, true],
  ['true', options('no-new-privileges=true'), DOCKER, true],
  ['true, as older clients wrote it', options('no-new-privileges:true'), DOCKER, true],
  ['false', options('no-new-privileges=false'), DOCKER, false],
  ['the daemon’s default', {}, [...DOCKER, 'name=no-new-privileges'], true],
  [
    'against the daemon’s default',
    options('no-new-privileges=false'),
    [...DOCKER, 'name=no-new-privileges'],
    false,
  ],
  ['privileged does not take it away', { privileged: true, ...options('no-new-privileges') }, DOCKER, true],
];
for (const [what, configuration, daemon, value] of PRIVILEGES)
  t.test(`no new privileges: ${what}`, async t =>
    t.equal(expectedConfinement(configuration, daemon).noNewPrivileges, value),
  );

const ALL_BITS = 0xffff_ffff_ffff_ffffn;
const CAPABILITIES: [what: string, configuration: ContainerConfiguration, mask: bigint | undefined][] = [
  ['add', { capAdd: ['SYS_ADMIN'] }, 0xa82425fbn],
  ['add with its prefix', { capAdd: ['CAP_SYS_ADMIN'] }, 0xa82425fbn],
  ['add in lower case', { capAdd: ['cap_sys_admin'] }, 0xa82425fbn],
  ['drop', { capDrop: ['NET_RAW'] }, 0xa80405fbn],
  ['drop with its prefix', { capDrop: ['CAP_NET_RAW'] }, 0xa80405fbn],
  ['drop all', { capDrop: ['ALL'] }, 0n],
  ['drop all and add', { capDrop: ['ALL'], capAdd: ['CAP_NET_BIND_SERVICE', 'BPF'] }, 0x80_0000_0400n],
  ['drop all in lower case', { capDrop: ['all'] }, 0n],
  ['add all', { capAdd: ['ALL'] }, ALL_BITS],
  ['add all and drop one', { capAdd: ['ALL'], capDrop: ['CHOWN'] }, 0xffff_ffff_ffff_fffen],
  ['a bit without a name', { capAdd: ['CAP_41'] }, 0x200_a804_25fbn],
  ['nonsense', { capAdd: ['SYS_ADMINISTRATION'], capDrop: ['-1'] }, 0xa80425fbn],
  ['empty lists', { capAdd: [], capDrop: [] }, 0xa80425fbn],
  ['privileged may hold everything', { privileged: true, capDrop: ['ALL'] }, undefined],
];
for (const [what, configuration, mask] of CAPABILITIES)
  t.test(`capabilities: ${what}`, async t =>
    t.equal(expectedConfinement(configuration, DOCKER).capabilities, mask),
  );

t.test('users', async t => {
  const users: [user: string | undefined, unprivileged: ExpectedConfinement['unprivilegedUser']][] = [
    [undefined, false],
    ['', false],
    ['root', false],
    ['0', false],
    ['000', false],
    ['0:1000', false],
    ['root:nobody', false],
    [':1000', false],
    ['1000', true],
    ['nobody', true],
    ['1000:0', true],
    ['rooted', true],
    ['10', true],
  ];
  for (const [user, unprivileged] of users)
    t.equal(
      expectedConfinement(user === undefined ? {} : { user }, DOCKER).unprivilegedUser,
      unprivileged,
      String(user),
    );
});

t.test('a read-only root', async t => {
  t.equal(expectedConfinement({ readonlyRootfs: true }, DOCKER).rootReadonly, true);
  t.equal(expectedConfinement({ readonlyRootfs: false }, DOCKER).rootReadonly, false);
});
